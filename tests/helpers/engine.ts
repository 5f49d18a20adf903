// An engine on a test database, with node types for tests beside the real ones.
import Type from 'typebox'
import type { WorkflowDocument } from '../../src/core/document.ts'
import type { Json, JsonObject } from '../../src/core/json.ts'
import type { Outcome } from '../../src/core/outcome.ts'
import { loadNodeTypes } from '../../src/runtime/registry.ts'
import type { Services } from '../../src/runtime/services.ts'
import { type EngineOptions, type RunningEngine, startEngine } from '../../src/runtime/start-engine.ts'
import type { NodeType, RunContext } from '../../src/sdk/node-type.ts'
import type { Pool } from '../../src/store/db.ts'
import { publishDraft, saveDraft } from '../../src/store/versions.ts'

export const silentLog = { info() {}, warn() {}, error() {} }
export const loudLog = {
  info() {},
  warn: (fields: object, message: string) => console.warn(message, fields),
  error: (fields: object, message: string) => console.error(message, fields),
}

/** An effect under the test's control: every call is listed and answered by `answer`. */
export interface Probe {
  type: NodeType
  calls: { run: string; attempt: number; execution: string; key: string; config: JsonObject }[]
  answer: (ctx: RunContext<JsonObject>) => Outcome | Promise<Outcome>
}

const text = (en: string) => ({ en, zh: en, ru: en })

export function createProbe(name = 'probe', extra: Partial<NodeType> = {}): Probe {
  const probe: Probe = {
    calls: [],
    answer: (ctx) => ({ type: 'done', output: (ctx.config.output ?? null) as Json }),
    type: {
      type: name,
      version: 1,
      title: text(name),
      summary: text(name),
      icon: 'circle',
      group: 'remote',
      config: Type.Object({}, { additionalProperties: true }),
      effect: 'write',
      ...extra,
      run(ctx) {
        const { config, run, execution, idempotencyKey } = ctx as RunContext<JsonObject>
        probe.calls.push({
          run: run.id,
          attempt: run.attempt,
          execution: execution.id,
          key: idempotencyKey,
          config,
        })
        return probe.answer(ctx as RunContext<JsonObject>)
      },
    },
  }
  return probe
}

const refuse = (what: string) => () => Promise.reject(new Error(`${what} is not part of this test`))

/** Services that know no outside world; tests replace what they need. */
export function emptyServices(overrides: Partial<Services> = {}): Services {
  return {
    http: refuse('http'),
    connect: refuse('connect'),
    connection: refuse('connection'),
    knownHosts: { find: async () => undefined, remember: async () => undefined },
    records: () => {
      throw new Error('records are not part of this test')
    },
    sql: refuse('sql'),
    script: refuse('script'),
    record: async (_authority, { collection, id }) => ({ collection, id, label: id }),
    evaluateBinding: async (_authority, node) => ({
      collection: 'host',
      records: (node.bind?.path ?? '')
        .split(',')
        .filter(Boolean)
        .map((id) => ({ id, label: id })),
      toOne: false,
    }),
    takeLocks: async () => ({ taken: true }),
    releaseLocks: async () => undefined,
    ...overrides,
  }
}

export async function startTestEngine(
  pool: Pool,
  options: { probes?: Probe[] } & Partial<Omit<EngineOptions, 'pool' | 'types'>> = {},
): Promise<RunningEngine> {
  const types = await loadNodeTypes()
  for (const probe of options.probes ?? []) types.set(probe.type.type, probe.type)
  const { probes: _probes, ...rest } = options
  return startEngine({ pool, types, services: emptyServices(), log: loudLog, ...rest })
}

export async function publish(
  pool: Pool,
  document: Partial<WorkflowDocument> & { key: string },
): Promise<void> {
  const whole = {
    format: 'fermata/1',
    title: document.key,
    nodes: [],
    edges: [],
    ...document,
  } as WorkflowDocument
  await saveDraft(pool, { document: whole, by: 'test' })
  await publishDraft(pool, { workflow: whole.key, by: 'test', check: () => undefined })
}

/** Nodes one after another. */
export function chain(
  key: string,
  nodes: WorkflowDocument['nodes'],
): Partial<WorkflowDocument> & { key: string } {
  const edges = nodes.slice(1).map((node, n) => ({ from: nodes[n]?.id as string, to: node.id }))
  return { key, nodes, edges }
}

export interface RunSummary {
  run: string
  attempt: number
  status: string
  output: Json
}

export async function runsOf(pool: Pool, id: string): Promise<RunSummary[]> {
  return pool.query<RunSummary>(
    'select run, attempt, status, output from fermata.all_node_runs where execution_id = $1 order by run, attempt',
    [id],
  )
}

/** Waits until the row satisfies a condition; reads it, does not sleep longer than 10 s. */
export async function until<T>(
  read: () => Promise<T>,
  holds: (value: T) => boolean,
  ms = 20_000,
): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    const value = await read()
    if (holds(value)) return value
    if (Date.now() > deadline) throw new Error(`Still ${JSON.stringify(value)} after ${ms} ms`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export async function headOf(
  pool: Pool,
  id: string,
): Promise<{
  status: string
  waiting: boolean
  attention: boolean
  seq: number
  error: { code?: string } | null
  output: Json
}> {
  const rows = await pool.query(
    'select status, waiting, attention, seq, error, output from fermata.executions where id = $1',
    [id],
  )
  return rows[0] as Awaited<ReturnType<typeof headOf>>
}
