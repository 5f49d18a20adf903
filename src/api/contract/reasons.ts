// Which acts must say why: those that overrule what the workflow would have done. Holding it up, letting it go on and
// trying again may say so.
import Type, { type TOptional } from 'typebox'
import { Reason } from './shapes.ts'

export const mustSayWhy = {
  pause: false,
  resume: false,
  retry: false,
  rebind: false,
  /** Skipping a wait for time. */
  cutShort: false,
  skip: true,
  complete: true,
  choose: true,
  confirm: true,
  terminate: true,
  /** Of a batch. */
  stop: true,
} as const
export type ReasonedAct = keyof typeof mustSayWhy

const GivenReason = Type.String({ maxLength: 2000, pattern: '\\S' })

type ReasonOf<A extends ReasonedAct> = (typeof mustSayWhy)[A] extends true
  ? typeof GivenReason
  : TOptional<typeof Reason>

/** The field of a request's body. */
export const reasonOf = <const A extends ReasonedAct>(act: A) =>
  (mustSayWhy[act] ? GivenReason : Type.Optional(Reason)) as ReasonOf<A>
