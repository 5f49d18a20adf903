// The way in: every execution, whoever starts it, begins here (rules 25, 27, 31, 33, 36).
import { AppError } from '../core/errors.ts'
import { evaluateExpression, parseExpression } from '../core/expression/expression.ts'
import { parseTemplate, renderTemplate } from '../core/expression/template.ts'
import { checkInputs } from '../core/inputs.ts'
import type { JsonObject } from '../core/json.ts'
import { initialState } from '../core/state.ts'
import type { ExecutionStatus } from '../core/statuses.ts'
import type { RecordValue } from '../sdk/node-type.ts'
import type { NewExecution } from '../store/save.ts'
import { bindAtStart } from './bind-at-start.ts'
import type { Core } from './core.ts'
import type { Started, StartRequest } from './engine.ts'
import type { Gate } from './gate.ts'
import { deadlineRows, lockedError, recordsToLock } from './hold-records.ts'
import type { Ids } from './ids.ts'
import { type Live, newLive } from './live.ts'
import type { Target } from './services.ts'
import type { CompiledVersion } from './versions.ts'

export interface IntakeTools {
  core: Core
  gate: Gate
  ids: Ids
}

/** Checks the request, then starts the execution or queues it. Answers after the commit. */
export async function startExecution(tools: IntakeTools, request: StartRequest): Promise<Started> {
  try {
    return await startOnce(tools, request, false)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'already-exists') throw error
    const earlier = await findEarlier(tools.core, request)
    return earlier ?? startOnce(tools, request, true)
  }
}

async function findEarlier(core: Core, request: StartRequest): Promise<Started | undefined> {
  const earlier = request.dedupKey ? await core.reads.byDedupKey(request.dedupKey) : undefined
  return earlier && { id: earlier.id, status: earlier.status as ExecutionStatus, created: false }
}

/** `fresh`: what this process remembers of the workflow proved to be out of date. */
async function startOnce(tools: IntakeTools, request: StartRequest, fresh: boolean): Promise<Started> {
  const earlier = request.dedupKey && (await findEarlier(tools.core, request))
  if (earlier) return earlier
  const version = await findStartable(tools.core, request, fresh)
  checkDepth(tools.core, request)
  const inputs = checkInputs(version.document.inputs, request.inputs ?? {})
  const target = version.document.target ? await findTarget(tools.core, version, request) : noTarget(request)
  const live = await newExecution(tools, { request, version, inputs, target })
  return admit(tools, live, request)
}

/** A version by number, or the published one; sub-workflows only from a parent. */
async function findStartable(core: Core, request: StartRequest, fresh: boolean): Promise<CompiledVersion> {
  const workflow = await core.versions.head(request.workflow, fresh || request.version !== undefined)
  if (!workflow)
    throw new AppError('not-found', `There is no workflow ${request.workflow}.`, { pointer: '/workflow' })
  if (!workflow.enabled)
    throw new AppError('not-published', `Workflow ${request.workflow} is disabled.`, {
      why: { key: 'workflow-disabled', workflow: request.workflow },
    })
  if (workflow.kind === 'sub' && !request.parent && !request.test) {
    throw new AppError(
      'illegal-act',
      `${request.workflow} is a sub-workflow: only another workflow can start it.`,
      { why: { key: 'sub-workflow-alone', workflow: request.workflow } },
    )
  }
  const version = request.version ?? workflow.published ?? undefined
  if (version === undefined) {
    throw new AppError('not-published', `Workflow ${request.workflow} has no published version.`, {
      why: { key: 'never-published', workflow: request.workflow },
    })
  }
  return core.versions.get(request.workflow, version)
}

function checkDepth(core: Core, request: StartRequest): void {
  if ((request.parent?.depth ?? 0) <= core.limits.depth) return
  throw new AppError('limit-exceeded', `Sub-workflows may be nested ${core.limits.depth} deep at most.`)
}

function noTarget({ target }: StartRequest): undefined {
  if (!target) return
  throw new AppError('invalid-inputs', 'This workflow works on no target.', {
    pointer: '/target',
    why: { key: 'no-target-wanted' },
  })
}

async function findTarget(
  core: Core,
  version: CompiledVersion,
  request: StartRequest,
): Promise<Target & { record: RecordValue }> {
  const { collection, filter } = version.document.target as { collection: string; filter?: string }
  if (!request.target) {
    throw new AppError('invalid-inputs', `Choose the ${collection} to work on.`, {
      pointer: '/target',
      why: { key: 'target-wanted', collection },
    })
  }
  const { id, collection: given } = request.target
  const authority = { principal: request.by.name, execution: '', workflow: version.workflow }
  const record = given === collection ? await core.services.record(authority, { collection, id }) : undefined
  if (!record)
    throw new AppError('not-found', `There is no ${collection} ${id}.`, {
      pointer: '/target/id',
      why: { key: 'record-gone', collection, record: id },
    })
  if (filter && evaluateExpression(parseExpression(filter), { record }) !== true) {
    const detail = `${record.label} does not fit: this workflow wants ${filter}.`
    throw new AppError('invalid-inputs', detail, {
      pointer: '/target/id',
      why: { key: 'target-unfit', record: record.label, filter },
    })
  }
  return { collection, id, label: record.label, record }
}

interface NewGiven {
  request: StartRequest
  version: CompiledVersion
  inputs: JsonObject
  target: (Target & { record: RecordValue }) | undefined
}

async function newExecution(tools: IntakeTools, given: NewGiven): Promise<Live> {
  const { version, inputs, target } = given
  if (target) await tools.core.targets.note(target)
  const insert = insertOf(tools.core, given)
  const live = newLive({
    id: await tools.ids.next(),
    version,
    state: initialState(),
    inputs,
    startedBy: insert.startedBy,
    depth: insert.depth,
  })
  live.insert = insert
  if (insert.target) live.target = insert.target
  if (target) live.records.set(`${target.collection}/${target.id}`, target.record)
  if (insert.parent) live.parent = insert.parent
  if (insert.concurrencyKey !== undefined) live.concurrencyKey = insert.concurrencyKey
  if (insert.trace) live.trace = insert.trace
  return live
}

function insertOf(core: Core, given: NewGiven): NewExecution {
  const { request, version, inputs, target } = given
  const insert: NewExecution = {
    workflow: version.workflow,
    version: version.version,
    pinned: request.version !== undefined,
    test: request.test ?? false,
    inputs,
    trigger: request.trigger ?? 'manual',
    startedBy: request.by.name,
    depth: request.parent?.depth ?? 0,
    createdAt: Math.round(core.clock.now()),
  }
  const key = concurrencyKey(given)
  if (target) insert.target = { collection: target.collection, id: target.id, label: target.label }
  if (request.parent) insert.parent = request.parent
  if (request.dedupKey) insert.dedupKey = request.dedupKey
  if (request.trace) insert.trace = request.trace
  if (key !== undefined) insert.concurrencyKey = key
  return insert
}

/** One queue per workflow, or per value of its key. */
function concurrencyKey({ version, inputs, target }: NewGiven): string | undefined {
  const { concurrency } = version.document.settings ?? {}
  if (!concurrency) return undefined
  const scope = { inputs, target: target?.record ?? null }
  const value = concurrency.key ? renderTemplate(parseTemplate(concurrency.key), scope) : ''
  return `${version.workflow}:${typeof value === 'string' ? value : JSON.stringify(value)}`
}

/** Starts at once when nothing stands in the way; else the execution is queued, or refused if it says so. */
async function admit(tools: IntakeTools, live: Live, request: StartRequest): Promise<Started> {
  const { core, gate } = tools
  const bindings = await bindAtStart(core, live, request.bindings)
  const queue = deadlineRows(live)
  const isLocking = live.concurrencyKey === undefined && recordsToLock(live).length > 0
  const mustQueue = live.concurrencyKey !== undefined || (isLocking && !(await takeLocks(core, live)))
  if (mustQueue) queue.push({ run: '', attempt: 0, kind: 'start', workflow: live.version.workflow })
  try {
    await gate.admit(live, { ...(mustQueue ? {} : { event: { type: 'started' } }), queue, bindings })
  } catch (error) {
    if (isLocking) await core.services.releaseLocks(live.id)
    throw error
  }
  return { id: live.id, status: live.state.status, created: true }
}

async function takeLocks(core: Core, live: Live): Promise<boolean> {
  const { taken, held } = await core.services.takeLocks(live.id, recordsToLock(live), live.parent?.execution)
  if (!taken && live.version.document.settings?.onLocked === 'refuse') throw lockedError(held)
  return taken
}
