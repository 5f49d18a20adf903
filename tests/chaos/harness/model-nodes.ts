// The model's leaves: what an attempt must have said, and what its policy makes of a failure.
import type { StubNode } from './document-shape.ts'
import { complete, type Env, type Fate, type Model, type Place, resolve, type Seen, take } from './model.ts'
import { runContainer } from './model-containers.ts'
import { judgeStop } from './model-risks.ts'

export interface At {
  id: string
  node: StubNode
  env: Env
  /** One record of a bound node: what is exhausted fails the record, whatever `onError` says. */
  isRecord?: true
}

const containers = new Set(['loop', 'parallel', 'group'])

export function runNode(model: Model, place: Place, node: StubNode): Fate {
  const at: At = { id: place.id === '' ? node.id : `${place.id}/${node.id}`, node, env: place.env }
  const first = place.base + 1
  if (node.bind) return runBound(model, at, first)
  if (containers.has(node.type)) return runContainer(model, at, first)
  return runLeaf(model, at, first)
}

type Answer =
  | { does: 'done'; ports: readonly string[]; output: unknown }
  | { does: 'fail'; kind: string; final?: true }
  | { does: 'wait' }

function runLeaf(model: Model, at: At, first: number): Fate {
  // Tries are counted from the confirmation of a risk on.
  let begun = first
  for (let attempt = first; ; attempt++) {
    const seen = take(model, at.id, attempt)
    if (!seen) {
      if (attempt > first) model.problems.push(`${at.id}#${attempt} must have been tried`)
      return { is: 'cut' }
    }
    const fate = judgeAttempt(model, at, {
      attempt,
      seen,
      tries: attempt - begun,
      isConfirmed: begun > first,
    })
    if (fate === 'confirmed') begun = attempt + 1
    else if (fate !== 'again') return fate
  }
}

interface Attempt extends Try {
  /** Before this one, in its round. */
  tries: number
  isConfirmed: boolean
}

function judgeAttempt(model: Model, at: At, of: Attempt): Fate | 'again' | 'confirmed' {
  const { attempt, seen } = of
  if (seen.status === 'canceled') return { is: 'cut' }
  const stop = judgeStop(model, at, { ...of, code: codeOf(seen) })
  if (stop !== 'none') return stop
  const answer = answerOf(model, at, { attempt, seen })
  if (answer.does === 'wait') return { is: 'held' }
  if (answer.does === 'done') return settle(model, at, { attempt, seen, answer })
  if (answer.final || !mayRetry(at.node, answer.kind, of.tries)) {
    return exhaust(model, at, { attempt, seen, kind: answer.kind })
  }
  expectStatus(model, { name: `${at.id}#${attempt}`, seen }, answer.kind)
  return 'again'
}

function settle(
  model: Model,
  at: At,
  of: { attempt: number; seen: Seen; answer: Extract<Answer, { does: 'done' }> },
): Fate {
  const { seen, answer } = of
  const name = `${at.id}#${of.attempt}`
  expectStatus(model, { name, seen }, 'completed')
  const found = withoutPid(seen.output)
  if (JSON.stringify(found) !== JSON.stringify(answer.output)) {
    const wanted = JSON.stringify(answer.output)
    model.problems.push(`${name} must give ${wanted}, gave ${JSON.stringify(found)}`)
  }
  at.env.outputs.set(at.node.id, answer.output)
  complete(model, at.node)
  return { is: 'settled', ports: answer.ports }
}

/** Who did it is not for the model to say. */
function withoutPid(output: unknown): unknown {
  if (typeof output !== 'object' || output === null || !('pid' in output)) return output
  const { pid: _pid, ...rest } = output
  return rest
}

export function expectStatus(model: Model, of: { name: string; seen: Seen }, status: string): void {
  const { name, seen } = of
  if (seen.status !== status) model.problems.push(`${name} must be ${status}, is ${seen.status}`)
}

export function mayRetry(node: StubNode, kind: string, tries: number): boolean {
  const retry = node.policy?.retry
  return retry !== undefined && (retry.on ?? ['error', 'timed-out']).includes(kind) && tries < retry.attempts
}

export function exhaust(model: Model, at: At, of: { attempt: number; seen: Seen; kind: string }): Fate {
  const { seen, kind } = of
  const name = `${at.id}#${of.attempt}`
  const onError = at.isRecord ? 'fail' : onErrorOf(model, at.node)
  if (onError === 'continue') {
    expectStatus(model, { name, seen }, 'completed')
    const accepted = (seen.output as { error?: { kind?: string } } | null)?.error?.kind
    if (accepted !== kind) model.problems.push(`${name} must give its error, ${kind}, gave ${accepted}`)
    at.env.outputs.set(at.node.id, seen.output)
    complete(model, at.node)
    return { is: 'settled', ports: ['out'] }
  }
  expectStatus(model, { name, seen }, kind)
  if (onError === 'hold') return { is: 'held' }
  return onError === 'branch' ? { is: 'settled', ports: ['error'] } : { is: 'failed', kind }
}

/** The node's own word; else `fail` inside a container that says what to do with failures; else the workflow's. */
function onErrorOf(model: Model, node: StubNode): string {
  if (node.policy?.onError) return node.policy.onError
  const { nodes, settings } = model.document
  for (let at = node.parent; at !== undefined; ) {
    const container = nodes.find(({ id }) => id === at)
    if (container && handlesFailures(container)) return 'fail'
    at = container?.parent
  }
  return settings.onFailure ?? 'fail'
}

function handlesFailures({ type, config, policy }: StubNode): boolean {
  if (policy?.onError || policy?.retry) return true
  if (type === 'parallel') return (config.mode ?? 'all') !== 'all'
  return type === 'loop' && (config.onItemFailure ?? 'stop') !== 'stop'
}

interface Try {
  attempt: number
  seen: Seen
}

function answerOf(model: Model, at: At, tried: Try): Answer {
  const { node, env } = at
  const config = resolve(env, node.config) as Record<string, unknown>
  switch (node.type) {
    case 'stub':
    case 'safe-stub':
      return stubAnswer(model, at, { ...tried, config })
    case 'set':
      return done(config.values)
    case 'calculation':
      return done(resolve(env, `{{ ${String(node.config.expression)} }}`))
    case 'condition': {
      const holds = resolve(env, `{{ ${String(node.config.when)} }}`) === true
      return { does: 'done', ports: holds ? ['yes', 'out'] : ['no'], output: holds }
    }
    case 'switch': {
      const cases = config.cases as { name: string; equals: unknown }[]
      const name = cases.find(({ equals }) => equals === config.value)?.name ?? 'else'
      return { does: 'done', ports: [name], output: name }
    }
    case 'delay':
      return done(null)
    case 'output':
      model.published = config.value
      return done(config.value)
    case 'end':
      if (model.ended !== undefined) model.problems.push('it ended twice')
      model.ended = String(config.status ?? 'completed')
      return { does: 'done', ports: [], output: null }
    case 'workflow':
      return childAnswer(model, at, tried)
    default:
      return taskAnswer(node, tried)
  }
}

const done = (output: unknown): Answer => ({ does: 'done', ports: ['out'], output: output ?? null })

/** What it was told; or what the engine says of one whose process went away, where that is lawful. */
function stubAnswer(model: Model, at: At, tried: Try & { config: Record<string, unknown> }): Answer {
  const { seen, attempt, config } = tried
  const code = codeOf(seen)
  const name = `${at.id}#${attempt}`
  if (code === 'poison') {
    if (seen.allCrashes < 3) model.problems.push(`${name} is called poison after ${seen.allCrashes} crashes`)
    return { does: 'fail', kind: 'error', final: true }
  }
  if (code === 'interrupted') {
    if (at.node.type === 'safe-stub') model.problems.push(`${name} is idempotent and was not repeated`)
    if (seen.crashes < 1) model.problems.push(`${name} is called interrupted, and nothing had crashed`)
    return { does: 'fail', kind: 'error' }
  }
  if (attempt <= Number(config.fails ?? 0)) return { does: 'fail', kind: String(config.kind ?? 'error') }
  if (config.hang) return { does: 'fail', kind: 'timed-out' }
  return done({ n: Number(config.n) + 1 })
}

/** Also of a failure that was accepted. */
function codeOf({ error, output }: Seen): string | undefined {
  const accepted = (output as { error?: { code?: string } } | null)?.error
  return error?.code ?? accepted?.code
}

const childKinds: Record<string, string> = { failed: 'failed', rejected: 'rejected' }

function childAnswer(model: Model, at: At, { attempt, seen }: Try): Answer {
  const child = model.seen.child(at.id, attempt)
  if (!child) {
    model.problems.push(`${at.id}#${attempt} has no child`)
    return { does: 'wait' }
  }
  if (seen.status === 'waiting') {
    if (child.status !== 'running')
      model.problems.push(`${at.id}#${attempt} waits, its child is ${child.status}`)
    model.waitsForChild = true
    return { does: 'wait' }
  }
  if (child.status === 'completed') return done(child.output)
  return { does: 'fail', kind: childKinds[child.status] ?? 'error' }
}

/** What people answered comes from outside. */
function taskAnswer({ type, config, policy }: StubNode, { seen }: Try): Answer {
  if (seen.status === 'waiting') return { does: 'wait' }
  if (policy?.timeout !== undefined && failureOf(seen) === 'timed-out')
    return { does: 'fail', kind: 'timed-out' }
  const output = seen.output as { choice?: string; approved?: boolean } | null
  if (type === 'choice') {
    const options = (config.options as { name: string }[]).map(({ name }) => name)
    const choice = output?.choice ?? ''
    return { does: 'done', ports: options.includes(choice) ? [choice] : [], output }
  }
  if (type === 'approval' && output?.approved !== true) return { does: 'fail', kind: 'rejected' }
  return { does: 'done', ports: ['out'], output }
}

/** A bound node: every record by itself; one that failed fails the node, which is not retried as a whole. */
function runBound(model: Model, at: At, attempt: number): Fate {
  const seen = take(model, at.id, attempt)
  if (!seen) return { is: 'cut' }
  const records = (at.node.bind?.path ?? '').split(',').filter(Boolean)
  const fates = records.map((record) => {
    const env: Env = { outputs: new Map(), items: { record: { id: record } }, outer: at.env }
    return runLeaf(model, { id: `${at.id}[${record}]`, node: at.node, env, isRecord: true }, attempt)
  })
  if (seen.status === 'canceled') return { is: 'cut' }
  const kinds = fates.flatMap((fate) => (fate.is === 'failed' ? [fate.kind] : []))
  if (fates.some(({ is }) => is !== 'settled' && is !== 'failed')) {
    model.problems.push(`${at.id}#${attempt} is ${seen.status} and not all its records have ended`)
    return { is: 'cut' }
  }
  if (kinds.length > 0) {
    const kind = kinds.find((one) => one === failureOf(seen)) ?? String(kinds[0])
    return exhaust(model, at, { attempt, seen, kind })
  }
  expectStatus(model, { name: `${at.id}#${attempt}`, seen }, 'completed')
  complete(model, at.node)
  return { is: 'settled', ports: ['out'] }
}

/** The kind of a failure, accepted or not. */
export function failureOf({ status, output }: Seen): string {
  const accepted = (output as { error?: { kind?: string } } | null)?.error
  return accepted?.kind ?? status
}
