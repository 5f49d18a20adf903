// Random valid workflows and random answers, for the laws of the core.
import fc from 'fast-check'
import type { EdgeDocument, NodeDocument, WorkflowDocument } from '../../src/core/document.ts'
import type { Answer, Answers } from './simulate.ts'

export interface RandomCase {
  document: WorkflowDocument
  bindings: Record<string, string[]>
  answers: Answers
}

const policies = fc.record(
  {
    onError: fc.constantFrom('fail', 'hold', 'continue', 'branch'),
    retry: fc.record({ attempts: fc.integer({ min: 0, max: 2 }), delay: fc.constant('10ms') }),
  },
  { requiredKeys: [] },
)

interface Seeds {
  sizes: number[]
  types: number[]
  links: number[]
  policies: object[]
}

const seeds: fc.Arbitrary<Seeds> = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 8, maxLength: 8 }),
  types: fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 24, maxLength: 24 }),
  links: fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 60, maxLength: 60 }),
  policies: fc.array(policies, { minLength: 24, maxLength: 24 }),
})

class Deal {
  private readonly used: Record<string, number> = {}
  private readonly source: Seeds
  constructor(source: Seeds) {
    this.source = source
  }
  next<K extends keyof Seeds>(kind: K): Seeds[K][number] {
    const at = this.used[kind] ?? 0
    this.used[kind] = at + 1
    const list = this.source[kind]
    return list[at % list.length] as Seeds[K][number]
  }
}

interface Build {
  nodes: NodeDocument[]
  edges: EdgeDocument[]
  bindings: Record<string, string[]>
  deal: Deal
}

function typeFor(roll: number, depth: number): string {
  if (depth < 3 && roll < 12) return 'loop'
  if (depth < 3 && roll < 22) return 'parallel'
  if (depth < 3 && roll < 30) return 'group'
  if (roll < 33) return 'end'
  return 'task'
}

function addBody(build: Build, body: { parent?: string; branch?: string; depth: number }): void {
  const { deal } = build
  const ids: string[] = []
  const count = Number(deal.next('sizes'))
  for (let n = 0; n < count && build.nodes.length < 24; n++) ids.push(addNode(build, body))
  for (let to = 1; to < ids.length; to++) {
    for (let from = 0; from < to; from++) addEdge(build, ids[from] as string, ids[to] as string)
  }
}

function addEdge(build: Build, from: string, to: string): void {
  const roll = Number(build.deal.next('links'))
  if (roll >= 55) return
  const port = roll < 8 ? 'no' : roll < 14 ? 'error' : undefined
  build.edges.push({ from, to, ...(port ? { port } : {}) })
}

function addNode(build: Build, body: { parent?: string; branch?: string; depth: number }): string {
  const { deal } = build
  const id = `n${build.nodes.length}`
  const roll = Number(deal.next('types'))
  const type = typeFor(roll, body.depth)
  const isBound = type !== 'end' && roll % 7 === 0
  const modes = ['all', 'any', 'race', 'settled']
  const reactions = ['stop', 'break', 'continue']
  const node: NodeDocument = {
    id,
    type,
    ...(body.parent ? { parent: body.parent } : {}),
    ...(body.branch ? { branch: body.branch } : {}),
    ...(isBound ? { bind: { path: 'x', concurrency: 1 + (roll % 3) } } : {}),
    ...(roll % 5 === 0 ? { join: 'any' as const } : {}),
    policy: deal.next('policies') as NonNullable<NodeDocument['policy']>,
  }
  if (isBound) build.bindings[id] = ['a', 'b', 'c'].slice(0, roll % 4)
  build.nodes.push(node)
  if (type === 'parallel') {
    node.config = { mode: modes[roll % 4], branches: [{ name: 'left' }, { name: 'right' }] }
    addBody(build, { parent: id, branch: 'left', depth: body.depth + 1 })
    addBody(build, { parent: id, branch: 'right', depth: body.depth + 1 })
  } else if (type === 'loop') {
    node.config = { onItemFailure: reactions[roll % 3], concurrency: 1 + (roll % 2) }
    addBody(build, { parent: id, depth: body.depth + 1 })
  } else if (type === 'group') addBody(build, { parent: id, depth: body.depth + 1 })
  return id
}

/** A small stable hash: the answer of a run is a function of seed, run and attempt. */
function hash(text: string): number {
  let value = 2166136261
  for (let n = 0; n < text.length; n++) value = Math.imul(value ^ text.charCodeAt(n), 16777619) >>> 0
  value ^= value >>> 13
  value = Math.imul(value, 0x5bd1e995) >>> 0
  return (value ^ (value >>> 15)) >>> 0
}

function answerFor(type: string, roll: number, mood: { failing: number }): Answer {
  if (type === 'loop')
    return roll % 3 === 0 ? { type: 'while', count: roll % 4 } : { type: 'each', count: roll % 4 }
  if (type === 'parallel') return { type: 'each', count: 2 }
  if (type === 'group') return { type: 'each', count: 1 }
  if (type === 'end') return { type: 'done', end: roll % 2 ? 'completed' : 'failed' }
  const share = roll % 100
  if (share < mood.failing) {
    const kinds = ['failed', 'error', 'rejected', 'timed-out'] as const
    return { type: 'fail', kind: kinds[roll % 4] as (typeof kinds)[number] }
  }
  if (share > 96) return { type: 'wait', for: 'person' }
  if (share > 90) return { type: 'wait', for: 'time' }
  return { type: 'done', ports: share % 3 === 0 ? ['out', 'no'] : share % 3 === 1 ? ['out'] : ['no'] }
}

export function randomCase(options: { failing: number; calm?: boolean }): fc.Arbitrary<RandomCase> {
  return fc.tuple(seeds, fc.integer()).map(([source, salt]) => {
    const build: Build = { nodes: [], edges: [], bindings: {}, deal: new Deal(source) }
    addBody(build, { depth: 0 })
    const types = new Map(build.nodes.map((node) => [node.id, node.type]))
    const document: WorkflowDocument = {
      format: 'fermata/1',
      key: 'random',
      title: 'Random',
      nodes: build.nodes,
      edges: build.edges,
    }
    if (options.calm) calmDown(document)
    const answers: Answers = (node, run, attempt) => {
      const answer = answerFor(types.get(node) ?? 'task', hash(`${salt}:${run}:${attempt}`), options)
      return options.calm && (answer.type === 'wait' || (answer.type === 'done' && answer.end))
        ? { type: 'done' }
        : answer
    }
    return { document, bindings: build.bindings, answers }
  })
}

/** Without races: what comes first must not matter. */
function calmDown(document: WorkflowDocument): void {
  for (const node of document.nodes) {
    delete node.join
    if (node.type === 'parallel') node.config = { ...node.config, mode: 'all' }
  }
}
