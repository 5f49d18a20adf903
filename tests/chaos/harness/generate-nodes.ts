// Single nodes of generated workflows: how effects behave, what people are asked.
import type { StubPolicy } from './document-shape.ts'
import { addNode, type Body, type Grown, template } from './generator.ts'
import type { Random } from './random.ts'
import type { Harm } from './risky.ts'

/** Most effects are quick and succeed; some last, some fail once or twice, a few never answer. */
export function stubConfig(random: Random, expression: string): Record<string, unknown> {
  const config: Record<string, unknown> = { n: template(expression) }
  if (random.chance(0.4)) config.ms = random.pick([1, 5, 20, 80, 250])
  if (random.chance(0.22)) {
    config.fails = random.int(1, 3)
    config.kind = random.pick(['error', 'error', 'error', 'failed', 'rejected'])
  } else if (random.chance(0.03)) config.hang = true
  return config
}

/** One that hangs must have a time; one that fails has mostly enough retries. */
export function stubPolicy(grown: Grown, config: Record<string, unknown>): StubPolicy | undefined {
  const { random } = grown
  const policy: StubPolicy = {}
  if (config.hang) policy.timeout = `${random.int(60, 200)}ms`
  if (config.fails || random.chance(0.3)) {
    const attempts = random.chance(0.8) ? Number(config.fails ?? 1) : random.int(0, 1)
    policy.retry = { attempts, delay: `${random.int(0, 60)}ms`, factor: random.pick([1, 2]) }
    if (config.kind === 'failed' && random.chance(0.7)) policy.retry.on = ['failed', 'error']
  }
  const reactions = ['continue', 'branch', 'fail', ...(grown.mayHold ? ['hold'] : [])]
  if (random.chance(config.fails || config.hang ? 0.6 : 0.2)) policy.onError = random.pick(reactions)
  return Object.keys(policy).length > 0 ? policy : undefined
}

/** So many do harm, and mostly ask first; a few ask although there is nothing to ask. Those that hang have a time. */
export function makeRisky(
  random: Random,
  node: { config: Record<string, unknown>; policy: StubPolicy | undefined },
  of: { share: number; harm(): Harm },
): StubPolicy | undefined {
  if (node.config.hang || !random.chance(of.share)) return node.policy
  const roll = random.int(0, 9)
  if (roll > 0) node.config.harm = of.harm()
  return roll < 9 ? { ...node.policy, risk: 'ask' } : node.policy
}

/** Its deadline decides. */
export const leftAlone = 'Nobody answers'

/** Some have a deadline; of some of those nobody takes notice. */
function approvalPolicy(random: Random): { title: string; policy: StubPolicy } {
  const policy: StubPolicy = { onError: random.pick(['continue', 'fail']) }
  if (random.chance(0.5)) return { title: 'May we?', policy }
  policy.timeout = `${random.int(50, 900)}ms`
  return { title: random.chance(0.5) ? leftAlone : 'May we?', policy }
}

/** A form to fill in, a choice of two ways, an approval that may be refused. */
export function taskNode(grown: Grown, body: Body): void {
  const { random } = grown
  const kind = random.pick(['manual', 'choice', 'approval'])
  if (kind === 'manual') {
    const id = addNode(grown, body, {
      type: 'manual',
      config: { title: 'Fill in', form: { type: 'object', properties: { n: { type: 'integer' } } } },
    })
    body.known.push(`nodes.${id}.output.n`)
  } else if (kind === 'choice') {
    const id = addNode(grown, body, {
      type: 'choice',
      config: { question: 'Which?', options: [{ name: 'left' }, { name: 'right' }] },
    })
    body.tails = ['left', 'right'].map((port) => ({ from: id, port }))
  } else {
    const { title, policy } = approvalPolicy(random)
    addNode(grown, body, { type: 'approval', config: { title }, policy })
  }
}
