// Containers of generated workflows: loops of all kinds, parallel branches in all modes, groups.
import type { StubPolicy } from './document-shape.ts'
import { addEffect, addNode, type Body, type Grown, growBody } from './generator.ts'

export function addContainer(grown: Grown, body: Body): void {
  const { random } = grown
  const kind = random.pick(['loop', 'loop', 'parallel', 'parallel', 'group'])
  if (kind === 'loop') addLoop(grown, body)
  else if (kind === 'parallel') addParallel(grown, body)
  else addGroup(grown, body)
}

/** Containers repeat what failed in them, accept it, or pass it on. */
function containerPolicy(grown: Grown): { policy: StubPolicy } | Record<string, never> {
  const { random } = grown
  const roll = random.int(0, 9)
  if (roll < 2) return { policy: { onError: 'continue' } }
  if (roll < 5) {
    const retry = { attempts: random.int(1, 2), on: ['failed', 'error', 'timed-out'] }
    return { policy: { retry, ...(random.chance(0.5) ? { onError: 'continue' } : {}) } }
  }
  if (roll < 6) return { policy: { timeout: `${random.int(150, 900)}ms`, onError: 'continue' } }
  return {}
}

function inside(grown: Grown, body: Body, of: { parent: string; branch?: string; known?: string[] }): void {
  const inner: Body = {
    parent: of.parent,
    ...(of.branch ? { branch: of.branch } : {}),
    depth: body.depth + 1,
    tails: [],
    // In a branch `item` is the name of the branch.
    known: [...body.known.filter((name) => !of.branch || name !== 'item'), ...(of.known ?? [])],
  }
  addEffect(grown, inner)
  if (grown.random.chance(0.6)) growBody(grown, inner, grown.random.int(1, 2))
}

function addLoop(grown: Grown, body: Body): void {
  const { random } = grown
  const kind = random.pick(['over', 'times', 'times', 'while'])
  const count = random.int(0, 5)
  const config: Record<string, unknown> = { onItemFailure: random.pick(['stop', 'break', 'continue']) }
  const known = ['index']
  if (kind === 'times') config.times = count
  else if (kind === 'while') config.while = `index < ${count}`
  else {
    config.over = Array.from({ length: count }, () => random.int(1, 9))
    known.push('item')
  }
  if (kind !== 'while' && random.chance(0.5)) config.concurrency = random.int(2, 4)
  const id = addNode(grown, body, { type: 'loop', config, ...containerPolicy(grown) })
  inside(grown, body, { parent: id, known })
}

function addParallel(grown: Grown, body: Body): void {
  const { random } = grown
  const branches = ['left', 'middle', 'right'].slice(0, random.int(2, 3)).map((name) => ({ name }))
  const mode = random.pick(['all', 'any', 'race', 'settled'])
  const id = addNode(grown, body, { type: 'parallel', config: { branches, mode }, ...containerPolicy(grown) })
  for (const { name } of branches) inside(grown, body, { parent: id, branch: name })
}

function addGroup(grown: Grown, body: Body): void {
  const id = addNode(grown, body, { type: 'group', ...containerPolicy(grown) })
  inside(grown, body, { parent: id })
}
