import type { FastifyRequest } from 'fastify'
import { type Caller, mayOnWorkflow, principalOf, visibleWorkflows } from '../../access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import type { Engine } from '../../runtime/engine.ts'
import { parseTraceparent, printTraceparent } from '../../runtime/traces/trace-context.ts'
import type { Db } from '../../store/db.ts'
import { listExecutions } from '../../store/executions-list.ts'
import { listActs } from '../../store/node-runs-read.ts'
import { findAncestors, findNeighbour } from '../../store/surroundings.ts'
import { findVersion } from '../../store/versions.ts'
import * as contract from '../contract/executions.ts'
import { filterOf } from '../execution-filter.ts'
import { type BoundRoute, type Call, handle } from '../handler.ts'
import { readExecution } from '../read-execution.ts'
import { asSeen } from '../seen-executions.ts'
import type { SharedReads } from '../shared-reads.ts'
import { listItemView } from '../views/execution.ts'
import { iso, present } from '../views/present.ts'

interface Deps {
  db: Db
  reads: SharedReads
  engine: Engine
}

export function executionRoutes(deps: Deps): BoundRoute[] {
  const { db, reads, engine } = deps
  return [
    handle(contract.startExecution, (call) => start(deps, call)),
    handle(contract.listExecutions, async ({ query, caller }) => {
      const { limit = 50, cursor, ...filters } = query
      const at = cursor === undefined ? {} : { cursor }
      const { items, ...rest } = await listExecutions(db, {
        ...(await filterOf(db, filters, caller)),
        ...at,
        limit,
      })
      const shown = await asSeen(db, caller, items)
      return { items: shown.map((row) => listItemView(row, caller)), ...rest }
    }),
    handle(contract.getExecution, ({ params, caller }) => detail(reads, params.id, caller)),
    handle(contract.pauseExecution, (call) => act(deps, call, 'pause')),
    handle(contract.resumeExecution, (call) => act(deps, call, 'resume')),
    handle(contract.terminateExecution, (call) => act(deps, call, 'terminate')),
    handle(contract.retryExecution, (call) => act(deps, call, 'retry')),
    handle(contract.confirmRisks, async ({ params, body, caller }) => ({
      ...(await engine.confirm(params.id, body, principalOf(caller))),
      execution: await head(reads, params.id, caller),
    })),
    handle(contract.listActs, async ({ params }) => ({
      items: (await listActs(db, params.id)).map((row) => present({ ...row, at: iso(row.at) })),
    })),
    handle(contract.getSurroundings, ({ params, caller }) => surroundings(db, params.id, caller)),
  ]
}

async function start(
  { db, reads, engine }: Deps,
  { body, caller, request: asked }: Call<typeof contract.startExecution>,
) {
  const { waitMs, trigger, version, dedupKey, ...request } = body
  const { id } = await engine.start({
    ...request,
    ...(version === undefined ? {} : await chosenVersion(db, caller, { workflow: body.workflow, version })),
    // A key of one workflow finds no execution of another, nor one that the engine keyed for itself.
    ...(dedupKey === undefined ? {} : { dedupKey: `api:${body.workflow}:${dedupKey}` }),
    trigger: trigger ?? (caller.via === 'session' ? 'manual' : 'api'),
    by: principalOf(caller),
    ...traceOf(asked),
  })
  if (waitMs) await engine.waitForEnd(id, waitMs)
  return head(reads, id, caller)
}

/** The trace the caller is in: the execution becomes a part of it. */
function traceOf({ headers }: FastifyRequest): { trace?: string } {
  const { traceparent } = headers
  const context = typeof traceparent === 'string' ? parseTraceparent(traceparent) : undefined
  return context ? { trace: printTraceparent(context) } : {}
}

/** A version that was never published is tried as a test, by those who may change the workflow. */
async function chosenVersion(
  db: Db,
  caller: Caller,
  { workflow, version }: { workflow: string; version: number },
): Promise<{ version: number; test: boolean }> {
  const row = await findVersion(db, workflow, version)
  if (!row) throw new AppError('not-found', `There is no version ${version}`, { pointer: '/version' })
  const test = row.publishedAt === null
  if (test && !mayOnWorkflow(caller, workflow, 'manage'))
    throw new AppError('forbidden', 'Only those who manage the workflow may try a draft', {
      why: { key: 'lacks-grant', grant: 'manage' },
    })
  return { version, test }
}

async function act(
  { reads, engine }: Deps,
  { params, body, caller }: Pick<Call<typeof contract.pauseExecution>, 'params' | 'body' | 'caller'>,
  type: (typeof contract.executionActs)[number],
) {
  await engine.act(params.id, { type, ...body }, principalOf(caller))
  return head(reads, params.id, caller)
}

const head = async (reads: SharedReads, id: string, caller: Caller) =>
  (await readExecution(reads, id, caller)).head

async function detail(reads: SharedReads, id: string, caller: Caller): Promise<contract.ExecutionDetail> {
  const { row, document, head } = await readExecution(reads, id, caller)
  return { ...head, ...present({ inputs: row.inputs }), document }
}

async function surroundings(db: Db, id: string, caller: Caller): Promise<contract.Surroundings> {
  const [ancestors, previous, next] = await Promise.all([
    findAncestors(db, id, visibleWorkflows(caller)),
    findNeighbour(db, id, 'previous'),
    findNeighbour(db, id, 'next'),
  ])
  const view = (row: typeof previous) => row && { ...row, createdAt: iso(row.createdAt) }
  return { ancestors, ...present({ previous: view(previous) ?? null, next: view(next) ?? null }) }
}
