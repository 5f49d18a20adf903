// Whether a person has to look before this effect begins. In doubt it does not begin.
import type { Json, JsonObject } from '../core/json.ts'
import { type Fail, fail } from '../core/outcome.ts'
import type { FindRisks } from '../core/risk-rules.ts'
import type { Risk, RunContext } from '../sdk/node-type.ts'
import type { Call } from './run-node.ts'
import type { CompiledNode } from './versions.ts'

/** What is kept and shown of a stop, and what makes its config the same once more. */
export interface RiskStop {
  risks: Risk[]
  /** The moment its config was resolved for, when the config asks for it. */
  now?: Json
  /** What the node type said it would do: names what it takes from elsewhere than its config, such as an address. */
  plan?: Json
  /** The edited config of the retry it belongs to. */
  edit?: JsonObject
  /** It was confirmed before, as something else. */
  changed?: true
}

export interface Risky {
  type: 'risky'
  stop: RiskStop
}

/** A stop a person has confirmed: with the resolved config that was shown, as it was stored. */
export type ConfirmedStop = Pick<RiskStop, 'now' | 'plan' | 'edit'> & { input: string | null }

/** What is kept and shown. */
const mostRisks = 20
const longestFound = 200

interface AtRisk {
  /** Rules of the installation. */
  findRisks: FindRisks
  node: CompiledNode
  call: Call
  scope: JsonObject
  /** As it would be stored. */
  input: string | undefined
  confirmed: ConfirmedStop | undefined
}

/** Undefined: nothing stands in the way, or a person has confirmed this very thing. */
export function stopForRisk(at: AtRisk, context: RunContext): Risky | Fail | undefined {
  const { node, call } = at
  if (node.document.policy?.risk !== 'ask' || call.kind !== 'run') return undefined
  try {
    if (!node.type?.risks) throw new Error(`${node.document.type} cannot tell risks.`)
    const plan = node.type.plan?.(context)
    if (isConfirmed(at, plan)) return undefined
    const own = at.findRisks(node.document.type, context.config as Json)
    const risks = [...node.type.risks(context.config), ...own].slice(0, mostRisks)
    if (risks.length === 0) return undefined
    return { type: 'risky', stop: { ...stopOf(at, risks), ...(isKnown(plan) ? { plan } : {}) } }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail('error', 'risk-unknown', `Risks could not be looked for, so nothing was run: ${reason}`)
  }
}

/** A plan that takes its time is not waited for: what it would say is not known when the effect begins. */
const isKnown = (plan: Json | Promise<Json> | undefined): plan is Json =>
  plan !== undefined && !(plan instanceof Promise)

function isConfirmed({ confirmed, input }: AtRisk, plan: Json | Promise<Json> | undefined): boolean {
  if (confirmed === undefined || confirmed.input !== input) return false
  return !isKnown(plan) || JSON.stringify(plan) === JSON.stringify(confirmed.plan)
}

function stopOf({ call, scope }: AtRisk, risks: Risk[]): RiskStop {
  return {
    risks: risks.map((risk) => ({ ...risk, found: shorten(risk.found) })),
    ...(scope.now === undefined ? {} : { now: scope.now }),
    ...(call.config ? { edit: call.config } : {}),
    ...(call.confirmed ? { changed: true } : {}),
  }
}

const shorten = (text: string): string =>
  text.length > longestFound ? `${text.slice(0, longestFound)}…` : text
