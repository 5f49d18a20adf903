// The model's containers: which items there are, what each came to, and what the container must say of it.
import type { StubNode } from './document-shape.ts'
import {
  bodyOf,
  complete,
  type Env,
  type Fate,
  type Model,
  resolve,
  runScope,
  type ScopeFate,
  type Seen,
  take,
} from './model.ts'
import { evaluate } from './model-expression.ts'
import { type At, exhaust, expectStatus, failureOf, mayRetry } from './model-nodes.ts'

interface Item {
  scope: string
  branch?: string
  /** What its nodes may name. */
  items: Record<string, unknown>
}

/** Attempt by attempt: each repeats what has not come to a good end. */
export function runContainer(model: Model, at: At, first: number): Fate {
  const items = itemsOf(at)
  const fates: ScopeFate[] = items.map(() => ({ is: 'cut' }))
  const below = laterRound(model, at, first)
  for (let attempt = first; ; attempt++) {
    const seen = take(model, at.id, attempt)
    if (!seen) {
      if (attempt > first) model.problems.push(`${at.id}#${attempt} must have been tried`)
      return { is: 'cut' }
    }
    const round = { least: first - 1, below, endSeq: endOf(seen) }
    for (const [n, item] of items.entries()) {
      if (fates[n]?.is !== 'ok') fates[n] = runItem(model, at, { item, ...round })
    }
    const fate = judge(model, at, { attempt, seen, fates, tries: attempt - first })
    if (fate !== 'again') return fate
  }
}

function itemsOf({ id, node, env }: At): Item[] {
  if (node.type === 'group') return [{ scope: id, items: {} }]
  if (node.type === 'parallel') {
    const branches = node.config.branches as { name: string }[]
    return branches.map(({ name }) => ({ scope: `${id}[${name}]`, branch: name, items: { item: name } }))
  }
  return loopItems(node, env).map((item, index) => ({ scope: `${id}[${index}]`, items: { item, index } }))
}

function loopItems({ config }: StubNode, env: Env): unknown[] {
  if (config.over !== undefined) return resolve(env, config.over) as unknown[]
  if (config.times !== undefined) return numbers(Number(resolve(env, config.times)))
  let count = 0
  while (evaluate(String(config.while), () => count) === true) count++
  return numbers(count)
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

/** Where the attempts of a later round of the scope begin: what is above belongs to that one. */
function laterRound(model: Model, { id, node }: At, first: number): number {
  const last = first + (node.policy?.retry?.attempts ?? 0)
  const later = [...model.seen.runs.keys()].flatMap((key) => {
    const [run, attempt] = key.split('#')
    return run === id && Number(attempt) > last ? [Number(attempt)] : []
  })
  return Math.min(Number.POSITIVE_INFINITY, ...later)
}

/** What was written later belongs to the next attempt: items that never began in this one begin there. */
function endOf({ status, seq }: Seen): number {
  return status === 'running' ? Number.POSITIVE_INFINITY : seq
}

interface Round {
  least: number
  below: number
  endSeq: number
}

/** One round of an item. Where its attempts begin is read off the records: above all that were used before. */
function runItem(model: Model, at: At, of: Round & { item: Item }): ScopeFate {
  const { item, least, below, endSeq } = of
  const body = { parent: at.node.id, ...(item.branch ? { branch: item.branch } : {}) }
  const names = new Set(bodyOf(model.document, body).map(({ id }) => `${item.scope}/${id}`))
  let lowest = Number.POSITIVE_INFINITY
  for (const [key, { seq }] of model.seen.runs) {
    const [run = '', attempt] = key.split('#')
    const isOurs = Number(attempt) < below && seq <= endSeq && !model.used.has(key)
    if (isOurs && names.has(run)) lowest = Math.min(lowest, Number(attempt))
  }
  if (lowest === Number.POSITIVE_INFINITY) return { is: 'cut' }
  if (lowest <= least) model.problems.push(`${item.scope} begins at attempt ${lowest}, below ${least + 1}`)
  const env: Env = { outputs: new Map(), items: item.items, outer: at.env }
  return runScope(model, { id: item.scope, ...body, base: lowest - 1, env })
}

interface Judged {
  attempt: number
  seen: Seen
  fates: readonly ScopeFate[]
  /** Attempts before this one. */
  tries: number
}

type Expected = { says: 'completed' } | { says: 'failed'; kinds: string[] } | { says: 'nothing' }

function judge(model: Model, at: At, judged: Judged): Fate | 'again' {
  const { seen, attempt, tries } = judged
  const name = `${at.id}#${attempt}`
  if (seen.status === 'canceled') return { is: 'cut' }
  const expected = timedOut(at.node, seen) ?? expectedOf(at.node, judged.fates)
  if (expected.says === 'nothing') {
    const isHeld = judged.fates.some(({ is }) => is === 'held')
    if (seen.status !== 'running' || !isHeld) {
      const said = judged.fates.map((fate) => ('kind' in fate ? `${fate.is} ${fate.kind}` : fate.is))
      model.problems.push(`${name} is ${seen.status}, and its items are: ${said.join(', ')}`)
    }
    return isHeld ? { is: 'held' } : { is: 'cut' }
  }
  if (expected.says === 'completed') {
    expectStatus(model, { name, seen }, 'completed')
    checkSummary(model, name, judged)
    complete(model, at.node)
    return { is: 'settled', ports: ['out'] }
  }
  const kind = expected.kinds.find((one) => one === failureOf(seen)) ?? String(expected.kinds[0])
  if (!mayRetry(at.node, kind, tries)) return exhaust(model, at, { attempt, seen, kind })
  expectStatus(model, { name, seen }, kind)
  return 'again'
}

/** When exactly its time was over is not for the model to say; only that it has one. */
function timedOut(node: StubNode, seen: Seen): Expected | undefined {
  if (node.policy?.timeout === undefined) return undefined
  return failureOf(seen) === 'timed-out' ? { says: 'failed', kinds: ['timed-out'] } : undefined
}

interface Counts {
  oks: number
  kinds: string[]
  total: number
}

const nothing: Expected = { says: 'nothing' }
const completed: Expected = { says: 'completed' }
const failedWith = (kinds: string[]): Expected => ({ says: 'failed', kinds })

const verdicts: Record<Rule, (counts: Counts) => Expected> = {
  'first-success': ({ oks, kinds, total }) =>
    oks > 0 ? (oks === 1 ? completed : nothing) : kinds.length === total ? failedWith(kinds) : nothing,
  'first-end': ({ oks, kinds }) =>
    oks + kinds.length !== 1 ? nothing : oks === 1 ? completed : failedWith(kinds),
  whatever: ({ oks, kinds, total }) => (oks + kinds.length === total ? completed : nothing),
  'until-failure': ({ oks, kinds, total }) => (oks === total || kinds.length > 0 ? completed : nothing),
  all: ({ oks, kinds, total }) =>
    kinds.length > 0 ? failedWith(kinds) : oks === total ? completed : nothing,
}

function expectedOf(node: StubNode, fates: readonly ScopeFate[]): Expected {
  const kinds = fates.flatMap((fate) => (fate.is === 'failed' ? [fate.kind] : []))
  const oks = fates.filter(({ is }) => is === 'ok').length
  return verdicts[ruleOf(node)]({ oks, kinds, total: fates.length })
}

type Rule = 'first-success' | 'first-end' | 'whatever' | 'until-failure' | 'all'

function ruleOf({ type, config }: StubNode): Rule {
  const name = type === 'parallel' ? config.mode : type === 'loop' ? config.onItemFailure : undefined
  const rules: Record<string, Rule> = {
    any: 'first-success',
    race: 'first-end',
    settled: 'whatever',
    continue: 'whatever',
    break: 'until-failure',
  }
  return rules[String(name)] ?? 'all'
}

function checkSummary(model: Model, name: string, { seen, fates }: Judged): void {
  const completed = fates.filter(({ is }) => is === 'ok').length
  const failed = fates.filter(({ is }) => is === 'failed').length
  const found = seen.output as { completed?: number; failed?: number } | null
  if (found?.completed === completed && found.failed === failed) return
  model.problems.push(`${name} must count ${completed} and ${failed}, has ${JSON.stringify(found)}`)
}
