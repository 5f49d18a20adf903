// Whether a person has to look before this effect begins. In doubt it does not begin.
import type { Json, JsonObject } from '../core/json.ts'
import { type Fail, fail } from '../core/outcome.ts'
import type { Risk } from '../sdk/node-type.ts'
import type { Call } from './run-node.ts'
import type { CompiledNode } from './versions.ts'

/** What is kept and shown of a stop, and what makes its config the same once more. */
export interface RiskStop {
  risks: Risk[]
  /** The moment its config was resolved for, when the config asks for it. */
  now?: Json
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
export type ConfirmedStop = Pick<RiskStop, 'now' | 'edit'> & { input: string | null }

/** What is kept and shown. */
const mostRisks = 20
const longestFound = 200

interface AtRisk {
  node: CompiledNode
  call: Call
  scope: JsonObject
  /** As it would be stored. */
  input: string | undefined
  confirmed: ConfirmedStop | undefined
}

/** Undefined: nothing stands in the way, or a person has confirmed this very config. */
export function stopForRisk(at: AtRisk, config: JsonObject): Risky | Fail | undefined {
  const { node, call } = at
  if (node.document.policy?.risk !== 'ask' || call.kind !== 'run') return undefined
  if (at.confirmed !== undefined && at.confirmed.input === at.input) return undefined
  try {
    if (!node.type?.risks) throw new Error(`${node.document.type} cannot tell risks.`)
    const risks = node.type.risks(config).slice(0, mostRisks)
    if (risks.length === 0) return undefined
    return { type: 'risky', stop: stopOf(at, risks) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail('error', 'risk-unknown', `Risks could not be looked for, so nothing was run: ${reason}`)
  }
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
