// Whether a person has to look before this effect begins. In doubt it does not begin.
import type { JsonObject } from '../core/json.ts'
import { type Fail, fail } from '../core/outcome.ts'
import type { Risk } from '../sdk/node-type.ts'
import type { Call } from './run-node.ts'
import type { CompiledNode } from './versions.ts'

export interface Risky {
  type: 'risky'
  risks: Risk[]
}

/** What is kept and shown. */
const mostRisks = 20
const longestFound = 200

/** Undefined: nothing stands in the way. */
export function stopForRisk(node: CompiledNode, call: Call, config: JsonObject): Risky | Fail | undefined {
  if (node.document.policy?.risk !== 'ask' || call.kind !== 'run' || call.confirmed) return undefined
  try {
    if (!node.type?.risks) throw new Error(`${node.document.type} cannot tell risks.`)
    const risks = node.type.risks(config).slice(0, mostRisks)
    if (risks.length === 0) return undefined
    return { type: 'risky', risks: risks.map((risk) => ({ ...risk, found: shorten(risk.found) })) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail('error', 'risk-unknown', `Risks could not be looked for, so nothing was run: ${reason}`)
  }
}

const shorten = (text: string): string =>
  text.length > longestFound ? `${text.slice(0, longestFound)}…` : text
