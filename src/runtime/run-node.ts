// One call of a node type: its config resolved, its context made, its outcome turned into an event.
import { AppError } from '../core/errors.ts'
import type { RunEvent } from '../core/event.ts'
import { resolveConfig } from '../core/expression/config.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { Outcome } from '../core/outcome.ts'
import { nodeOf } from '../core/run-id.ts'
import type { RecordValue, RunContext } from '../sdk/node-type.ts'
import { findRiskStop } from '../store/risk-stops.ts'
import type { LogRow } from '../store/save.ts'
import type { Core } from './core.ts'
import type { Facts, Live, Message } from './live.ts'
import { makeContext } from './run-context.ts'
import { boundItem, boundRecord, buildScope, scopeAtHand } from './scope.ts'
import { type ConfirmedStop, type Risky, stopForRisk } from './stop-for-risk.ts'
import { untilReachable } from './until-reachable.ts'
import type { CompiledNode } from './versions.ts'

export interface Call {
  run: string
  attempt: number
  group: number
  kind: 'run' | 'resume' | 'decide'
  /** For `resume`: what the run waited for. */
  answer?: Json
  /** Edited config of an operator's retry. */
  config?: JsonObject
  /** A person has taken the risk of what this round began with. */
  confirmed?: true
  signal: AbortSignal
  logs: LogRow[]
  /** Number of the first line logged; default 1. */
  firstLine?: number
  /** Told the resolved input as soon as it is known. */
  onInput?(input: string): void
}

/** Never throws: what a node type or its config throws becomes the failure of the run. At once when nothing is waited for. */
export function callNode(core: Core, live: Live, call: Call): Message | Promise<Message> {
  const facts: Facts = { startedAt: core.clock.now(), logs: call.logs }
  try {
    const node = compiledNode(live, call.run)
    const scope = call.confirmed ? undefined : scopeAtHand(core, live, { node, run: call.run })
    if (!scope) return callLater(core, live, { call, facts })
    const outcome = callWith(core, live, { call, facts, node, scope, record: null })
    if (!isPromise(outcome)) return translate(core, call, { outcome, facts })
    return outcome
      .then((settled) => translate(core, call, { outcome: settled, facts }))
      .catch((error) => failure(call, facts, error))
  } catch (error) {
    return failure(call, facts, error)
  }
}

async function callLater(
  core: Core,
  live: Live,
  { call, facts }: { call: Call; facts: Facts },
): Promise<Message> {
  try {
    const node = compiledNode(live, call.run)
    const known = await untilReachable(() => readFor(core, steady(live), call), call.signal)
    // Stopped, or somebody else's, before it began: nothing is to happen outside.
    call.signal.throwIfAborted()
    const outcome = await callWith(core, live, { call, facts, node, ...known })
    return translate(core, call, { outcome, facts })
  } catch (error) {
    return failure(call, facts, error)
  }
}

/**
 * What is remembered, as it is now: while something is read another process may change the execution, and what was
 * remembered is replaced under the hands of whoever reads.
 */
function steady(live: Live): Live {
  return {
    ...live,
    get complete() {
      return live.complete
    },
  }
}

async function readFor(
  core: Core,
  live: Live,
  call: Call,
): Promise<Omit<Prepared, 'call' | 'facts' | 'node'>> {
  const { run, group } = call
  // The round of a confirmation begins right after the attempt that was stopped.
  const stop = { execution: live.id, run, attempt: group - 1 }
  const confirmed = call.confirmed ? await findRiskStop(core.pool, stop) : undefined
  const scope = await buildScope(core, live, run)
  if (confirmed?.now !== undefined) scope.now = confirmed.now
  const record = compiledNode(live, run).document.bind ? await boundRecord(core, live, run) : null
  return { scope, record: record as RecordValue | null, ...(confirmed ? { confirmed } : {}) }
}

interface Prepared {
  call: Call
  facts: Facts
  node: CompiledNode
  scope: JsonObject
  record: RecordValue | null
  confirmed?: ConfirmedStop
}

function callWith(core: Core, live: Live, prepared: Prepared): Risky | Outcome | Promise<Outcome> {
  const { facts, node, scope, record, confirmed } = prepared
  const call = confirmed?.edit ? { ...prepared.call, config: confirmed.edit } : prepared.call
  const config = call.config ? { ...node.config, ...call.config } : node.config
  const resolved = resolve(live, prepared, config)
  if (call.kind !== 'resume') {
    facts.input = JSON.stringify(resolved)
    call.onInput?.(facts.input)
  }
  const context = makeContext({ core, live, call, scope }, { config: resolved, record })
  return (
    stopForRisk({ findRisks: core.findRisks, node, call, scope, input: facts.input, confirmed }, context) ??
    invoke(node, call, context)
  )
}

function resolve(live: Live, { call, node, scope, record }: Prepared, config: JsonObject): JsonObject {
  try {
    return resolveConfig(typeOf(node).config, config, scope)
  } catch (error) {
    const bound = record === null ? boundItem(live, call.run) : undefined
    if (!bound || !(error instanceof AppError)) throw error
    // What an expression finds null says nothing to an operator: the record is gone, and so a retry will not help.
    const { collection, id } = bound
    throw new AppError('not-found', `The record ${id} of ${collection} is gone, or may not be seen.`, {
      cause: error,
    })
  }
}

function isPromise(outcome: Risky | Outcome | Promise<Outcome>): outcome is Promise<Outcome> {
  return 'then' in outcome && typeof outcome.then === 'function'
}

function compiledNode(live: Live, run: string): CompiledNode {
  const node = live.version.nodes.get(nodeOf(run))
  if (!node) throw new AppError('internal', `The version has no node ${nodeOf(run)}.`)
  return node
}

function typeOf(node: CompiledNode): NonNullable<CompiledNode['type']> {
  if (!node.type) throw new AppError('not-found', `There is no node type '${node.document.type}' here.`)
  return node.type
}

function invoke(node: CompiledNode, call: Call, context: RunContext): Outcome | Promise<Outcome> {
  const type = typeOf(node)
  if (call.kind === 'run') return type.run(context)
  if (type.resume) return type.resume(context, call.answer ?? null)
  return { type: 'done', output: call.answer ?? null }
}

function translate(core: Core, call: Call, result: { outcome: Risky | Outcome; facts: Facts }): Message {
  const { outcome, facts } = result
  const { run, attempt } = call
  switch (outcome.type) {
    case 'done': {
      const ports = outcome.port === undefined ? ['out'] : [outcome.port].flat()
      const event: Extract<RunEvent, { type: 'done' }> = { run, attempt, type: 'done', ports }
      if (outcome.end) event.end = outcome.end.status
      if (outcome.end?.message !== undefined) facts.endMessage = outcome.end.message
      if (outcome.publish) facts.publish = true
      facts.output = outcome.output ?? null
      facts.outputText = outputText(core, facts.output)
      return { event, facts }
    }
    case 'wait':
      return {
        event: { run, attempt, type: 'waiting', for: outcome.for },
        facts: { ...facts, wait: outcome },
      }
    case 'risky':
      return { event: { run, attempt, type: 'risky' }, facts: { ...facts, stop: outcome.stop } }
    case 'each':
      return translateEach(core, call, { outcome, facts })
    case 'fail': {
      const { kind, code, message, details } = outcome
      const error = { kind, code, message, ...(details === undefined ? {} : { details }) }
      return { event: { run, attempt, type: 'failed', kind }, facts: { ...facts, error } }
    }
  }
}

/** Also finds out whether it can be kept at all. */
function outputText(core: Core, output: Json): string {
  const text = JSON.stringify(output)
  const { outputBytes } = core.limits
  if (text.length <= outputBytes) return text
  throw new AppError('payload-too-large', `The output has ${text.length} bytes; ${outputBytes} are allowed.`)
}

function translateEach(
  core: Core,
  call: Call,
  result: { outcome: Extract<Outcome, { type: 'each' }>; facts: Facts },
): Message {
  const { outcome, facts } = result
  const at = { run: call.run, attempt: call.attempt }
  if ('more' in outcome) return { event: whileEvent(call, at, outcome.more), facts }
  const count = 'items' in outcome ? outcome.items.length : outcome.count
  if (count > core.limits.loopItems) {
    throw new AppError('limit-exceeded', `${count} items are more than the ${core.limits.loopItems} allowed.`)
  }
  const items = 'items' in outcome ? { items: outcome.items } : {}
  return { event: { type: 'each', ...at, count }, facts: { ...facts, ...items } }
}

function whileEvent(call: Call, at: { run: string; attempt: number }, more: boolean): RunEvent {
  if (call.kind === 'decide') return { type: 'decided', ...at, more }
  return { type: 'each', ...at, count: more ? null : 0 }
}

/** An AppError keeps its code and kind `failed`; anything else is an error of kind `error`. */
export function failure(call: { run: string; attempt: number }, facts: Facts, error: unknown): Message {
  const isOurs = error instanceof AppError
  const isBusiness = isOurs && error.status < 500 && error.code !== 'outbound-refused'
  const kind = isBusiness ? 'failed' : 'error'
  const code = isOurs ? error.code : codeOf(error)
  const message = error instanceof Error ? error.message : String(error)
  const details = isOurs && error.details.span ? { details: { span: [...error.details.span] } } : {}
  return {
    event: { type: 'failed', run: call.run, attempt: call.attempt, kind },
    facts: { ...facts, error: { kind, code, message, ...details } },
  }
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' && code.length < 64 ? code : 'unexpected'
}
