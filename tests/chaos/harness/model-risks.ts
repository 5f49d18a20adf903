// The model's people who are asked because of a risk: who must be asked, and what comes of the answer.
import { complete, type Fate, type Model, type Seen } from './model.ts'
import type { At } from './model-nodes.ts'
import { asksFirst } from './risky.ts'

/** What became of a process says nothing of whether somebody was asked before. */
const beforeAsking = new Set(['interrupted', 'poison'])

/** `isConfirmed`: somebody has taken the risk in this round, whose repetitions ask no more. */
export function judgeStop(
  model: Model,
  at: At,
  of: { attempt: number; seen: Seen; code: string | undefined; isConfirmed: boolean },
): Fate | 'confirmed' | 'none' {
  const { seen, isConfirmed } = of
  const mustAsk = asksFirst(at.node, at.id) && !isConfirmed
  const name = `${at.id}#${of.attempt}`
  if (seen.status !== 'risky' && seen.status !== 'skipped') {
    if (mustAsk && !beforeAsking.has(of.code ?? ''))
      model.problems.push(`${name} is ${seen.status}, and nobody was asked about its risk`)
    return 'none'
  }
  if (!mustAsk) model.problems.push(`${name} is ${seen.status}, and there was nothing to ask`)
  if (seen.status === 'risky') return seen.manual === 'confirmed' ? 'confirmed' : { is: 'held' }
  at.env.outputs.set(at.node.id, null)
  complete(model, at.node)
  return { is: 'settled', ports: ['out'] }
}
