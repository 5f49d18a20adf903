// Random valid workflows over all control nodes and the stub effects. What they do is written in them, so that a model
// can say what must come of it; chance comes from the seed alone.
import type { StubDocument, StubNode } from './document-shape.ts'
import { addContainer } from './generate-containers.ts'
import { makeRisky, stubConfig, stubPolicy, taskNode } from './generate-nodes.ts'
import { type Random, seeded } from './random.ts'

export interface Grown {
  random: Random
  document: StubDocument
  /** Workflows that may be called. */
  subs: readonly string[]
  /** No node that holds may stand where executions queue for places: the place would never be free. */
  mayHold: boolean
  most: number
}

/** Where nodes are added: one body, its free ends, and the numbers that are surely known there. */
export interface Body {
  parent?: string
  branch?: string
  depth: number
  tails: { from: string; port?: string }[]
  known: string[]
}

export interface Generated {
  main: StubDocument
  sub: StubDocument
}

/** The same for the same name and seed. */
export function generateWorkflow(key: string, seed: number): Generated {
  const random = seeded(`${seed}:${key}`)
  const queues = random.chance(0.15)
  const sub = grow(random.fork('sub'), { key: `${key}-sub`, kind: 'sub', subs: [], most: 6, queues })
  const most = random.pick([4, 8, 14, 24])
  return { main: grow(random.fork('main'), { key, kind: 'main', subs: [sub.key], most, queues }), sub }
}

function grow(
  random: Random,
  of: { key: string; kind: 'main' | 'sub'; subs: string[]; most: number; queues: boolean },
): StubDocument {
  const { queues } = of
  const document: StubDocument = {
    format: 'fermata/1',
    key: of.key,
    title: of.key,
    kind: of.kind,
    inputs: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
    settings: {
      ...(queues && of.kind === 'main' ? { concurrency: { limit: random.int(2, 6) } } : {}),
      onFailure: !queues && random.chance(0.15) ? 'hold' : 'fail',
    },
    nodes: [],
    edges: [],
  }
  const grown: Grown = { random, document, subs: of.subs, mayHold: !queues, most: of.most }
  const body: Body = { depth: 0, tails: [], known: ['inputs.n'] }
  growBody(grown, body, random.int(2, of.kind === 'sub' ? 3 : 6))
  addNode(grown, body, { type: 'output', config: { value: template(random.pick(body.known)) } })
  return document
}

export const template = (expression: string): string => `{{ ${expression} }}`

/** A number computed from what is known. */
export function numberFrom(random: Random, known: readonly string[]): string {
  const source = random.pick(known)
  return random.chance(0.5) ? source : `${source} ${random.pick(['+', '*'])} ${random.int(1, 9)}`
}

export function growBody(grown: Grown, body: Body, segments: number): void {
  for (let n = 0; n < segments; n++) {
    if (n > 0 && grown.document.nodes.length >= grown.most) return
    addSegment(grown, body)
  }
}

type NewNode = Omit<StubNode, 'id' | 'config'> & { config?: Record<string, unknown> }

/** Follows all free ends of the body, and is its only free end then. Returns the id. */
export function addNode(grown: Grown, body: Body, node: NewNode): string {
  const { random, document } = grown
  const id = `n${document.nodes.length}`
  document.nodes.push({
    id,
    ...(body.parent ? { parent: body.parent } : {}),
    ...(body.branch ? { branch: body.branch } : {}),
    ...(body.tails.length > 1 && random.chance(0.3) ? { join: 'any' as const } : {}),
    config: {},
    ...node,
  })
  for (const { from, port } of body.tails) document.edges.push({ from, to: id, ...(port ? { port } : {}) })
  body.tails = [{ from: id }]
  return id
}

function addSegment(grown: Grown, body: Body): void {
  const { random } = grown
  const roll = random.int(0, 99)
  if (roll < 26) addEffect(grown, body)
  else if (roll < 34) addInline(grown, body)
  else if (roll < 40) addNode(grown, body, { type: 'delay', config: { for: `${random.int(5, 120)}ms` } })
  else if (roll < 46) taskNode(grown, body)
  else if (roll < 58) addDecision(grown, body)
  else if (roll < 66) addFork(grown, body)
  else if (roll < 72) addBound(grown, body)
  else if (roll < 78 && grown.subs.length > 0) addCall(grown, body)
  else if (body.depth < 3) addContainer(grown, body)
  else addEffect(grown, body)
}

export function addEffect(grown: Grown, body: Body): string {
  const { random } = grown
  const type = random.chance(0.65) ? 'safe-stub' : 'stub'
  const config = stubConfig(random, numberFrom(random, body.known))
  const policy = makeRisky(
    random,
    { config, policy: stubPolicy(grown, config) },
    { share: 0.2, harm: () => true },
  )
  const id = addNode(grown, body, { type, config, ...(policy ? { policy } : {}) })
  if (policy?.onError === 'branch') handleError(grown, body, id)
  // What is asked about may be skipped.
  else if (policy?.onError !== 'continue' && policy?.risk === undefined)
    body.known.push(`nodes.${id}.output.n`)
  return id
}

/** What follows the port `error` meets what follows success again; or nothing follows it. */
function handleError(grown: Grown, body: Body, failed: string): void {
  if (grown.random.chance(0.3)) return
  const side: Body = { ...body, tails: [{ from: failed, port: 'error' }], known: [...body.known] }
  addInline(grown, side)
  body.tails = [{ from: failed }, ...side.tails]
}

function addInline(grown: Grown, body: Body): void {
  const { random } = grown
  const expression = numberFrom(random, body.known)
  if (random.chance(0.5)) {
    const id = addNode(grown, body, { type: 'calculation', config: { expression } })
    body.known.push(`nodes.${id}.output`)
    return
  }
  const id = addNode(grown, body, { type: 'set', config: { values: { v: template(expression) } } })
  body.known.push(`nodes.${id}.output.v`)
}

/** A condition or a switch; its ways meet again, unless one of them ends the execution. */
function addDecision(grown: Grown, body: Body): void {
  const { random } = grown
  const [id, ports] = random.chance(0.6) ? addCondition(grown, body) : addSwitch(grown, body)
  const tails: Body['tails'] = []
  for (const port of ports) {
    const side: Body = { ...body, tails: [{ from: id, port }], known: [...body.known] }
    if (random.chance(0.7)) random.chance(0.6) ? addEffect(grown, side) : addInline(grown, side)
    if (random.chance(0.06)) {
      addNode(grown, side, { type: 'end', config: { status: random.pick(['completed', 'failed']) } })
      continue
    }
    tails.push(...side.tails)
  }
  body.tails = tails.length > 0 ? tails : [{ from: id, port: ports[0] as string }]
}

function addCondition(grown: Grown, body: Body): [string, string[]] {
  const { random } = grown
  const source = random.pick(body.known)
  const when = random.chance(0.7)
    ? `${source} % ${random.int(2, 3)} == 0`
    : `${source} > ${random.int(1, 20)}`
  return [addNode(grown, body, { type: 'condition', config: { when } }), ['yes', 'no']]
}

function addSwitch(grown: Grown, body: Body): [string, string[]] {
  const value = template(`${grown.random.pick(body.known)} % 3`)
  const cases = [
    { name: 'zero', equals: 0 },
    { name: 'one', equals: 1 },
  ]
  return [addNode(grown, body, { type: 'switch', config: { value, cases } }), ['zero', 'one', 'else']]
}

function addFork(grown: Grown, body: Body): void {
  const { random } = grown
  const heads = body.tails
  const tails: Body['tails'] = []
  for (let n = random.int(2, 3); n > 0; n--) {
    const side: Body = { ...body, tails: [...heads], known: [...body.known] }
    if (random.chance(0.8)) addEffect(grown, side)
    else addNode(grown, side, { type: 'delay', config: { for: `${random.int(5, 80)}ms` } })
    tails.push(...side.tails)
  }
  body.tails = tails
  addInline(grown, body)
}

function addBound(grown: Grown, body: Body): void {
  const { random } = grown
  const records = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].slice(0, random.pick([0, 1, 2, 4, 6]))
  const config = stubConfig(random, numberFrom(random, body.known))
  const some = () => (random.chance(0.6) ? true : records.filter(() => random.chance(0.5)))
  const policy = makeRisky(random, { config, policy: stubPolicy(grown, config) }, { share: 0.5, harm: some })
  if (Array.isArray(config.harm)) config.of = template('record.id')
  const isNarrow = random.chance(policy?.risk ? 0.8 : 0.5)
  addNode(grown, body, {
    type: random.pick(['stub', 'safe-stub']),
    bind: { path: records.join(','), ...(isNarrow ? { concurrency: random.int(1, 3) } : {}) },
    config,
    ...(policy
      ? { policy: { ...policy, ...(policy.onError === 'branch' ? { onError: 'continue' } : {}) } }
      : {}),
  })
}

function addCall(grown: Grown, body: Body): void {
  const { random } = grown
  const workflow = random.pick(grown.subs)
  const n = template(numberFrom(random, body.known))
  addNode(grown, body, {
    type: 'workflow',
    config: { workflow, inputs: { n } },
    ...(random.chance(0.4) ? { policy: { onError: 'continue' } } : {}),
  })
}
