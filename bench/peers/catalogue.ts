// The systems we are measured against: exact versions, what survives a crash, and what each must be beaten by.
import type { Work } from './protocol.ts'

/**
 * What survives a kill at the moment of the answer. D0: nothing. D1: start and end; the middle is done again. D2:
 * every result before the next node starts. D2b: every result before the next thing outside is touched or
 * anyone is answered; pure nodes run ahead.
 */
export type DurabilityClass = 'D0' | 'D1' | 'D2' | 'D2b'

export type Measure = 'executions/s' | 'node runs/s' | 'p50 ms per node run'

/** One line of the table: their W10 against one of ours. */
export interface Match {
  measure: Measure
  ours: Work
  /** Executions under way on both sides; `best`: each side's own best of 8, 64 and 256. */
  inFlight: number | 'best'
  /** On ours ÷ theirs. */
  atLeast?: number
  atMost?: number
}

export interface Peer {
  name: string
  /** Package and exact version; the first one's version is shown. */
  packages: Record<string, string>
  class: DurabilityClass
  /** How an execution is started and its end awaited, on their side. */
  startedBy: string
  /** Our program to compare with. */
  against: 'ours' | 'ours-http'
  matches: readonly Match[]
  /** Packages that need their install scripts. */
  scripts?: readonly string[]
  env?: Record<string, string>
}

/** Of our ways of doing W10. */
export const classOf: Record<Work, DurabilityClass> = { w10: 'D2', inline: 'D2b', effects: 'D2' }

const durable: readonly Match[] = [
  { measure: 'executions/s', ours: 'inline', inFlight: 'best', atLeast: 30 },
  { measure: 'node runs/s', ours: 'effects', inFlight: 64, atLeast: 5 },
  { measure: 'p50 ms per node run', ours: 'effects', inFlight: 1, atMost: 0.5 },
]

export const peers: readonly Peer[] = [
  {
    name: 'dbos',
    packages: { '@dbos-inc/dbos-sdk': '5.3.0' },
    class: 'D2',
    startedBy: 'in process',
    against: 'ours',
    matches: durable,
  },
]
