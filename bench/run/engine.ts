// The engine inside this process, on a database of the bench, and a closed loop of executions on it.
import Type from 'typebox'
import type { WorkflowDocument } from '../../src/core/document.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { isEnded } from '../../src/core/statuses.ts'
import { loadNodeTypes } from '../../src/runtime/registry.ts'
import type { Services } from '../../src/runtime/services.ts'
import { type EngineOptions, type RunningEngine, startEngine } from '../../src/runtime/start-engine.ts'
import { createTurnover, type Turnover } from '../../src/runtime/turnover.ts'
import type { NodeType } from '../../src/sdk/node-type.ts'
import type { Pool } from '../../src/store/db.ts'
import { publishDraft, saveDraft } from '../../src/store/versions.ts'
import { type BenchDatabase, countingPool } from './database.ts'

export interface Bench {
  database: BenchDatabase
  engine: RunningEngine
  /** Transactions the engine has made so far. */
  transactions(): number
}

const text = (en: string) => ({ en, zh: en, ru: en })

/** An effect with an empty body: what is measured is the commit of its dispatch and of its result. */
export const nothing: NodeType<JsonObject> = {
  type: 'nothing',
  version: 1,
  title: text('Nothing'),
  summary: text('Does nothing'),
  icon: 'circle',
  group: 'remote',
  effect: 'write',
  config: Type.Object({}, { additionalProperties: true }),
  run: ({ config }) => ({ type: 'done', output: config }),
}

type Extra = Partial<Omit<EngineOptions, 'pool' | 'types' | 'log'>> & { types?: readonly NodeType[] }

export async function openEngine(pool: Pool, { types: more = [], ...options }: Extra = {}) {
  const types = await loadNodeTypes()
  for (const type of [nothing as NodeType, ...more]) types.set(type.type, type)
  return startEngine({
    pool,
    types,
    services: {} as Services,
    log: { info() {}, warn: console.warn, error: console.error },
    concurrency: 256,
    ...options,
  })
}

export async function openBench(database: BenchDatabase, extra: Extra = {}): Promise<Bench> {
  const counted = countingPool(database.pool)
  const engine = await openEngine(counted.pool, extra)
  const { figures } = engine.core.committer
  return { database, engine, transactions: () => counted.transactions() + figures.flushes }
}

export async function publish(pool: Pool, document: WorkflowDocument): Promise<void> {
  await saveDraft(pool, { document, by: 'bench' })
  await publishDraft(pool, { workflow: document.key, by: 'bench', check: () => undefined })
}

/** Starts an execution and resolves with its id when it has completed; any other end is an error. */
export async function complete(
  engine: RunningEngine,
  request: { workflow: string; inputs?: JsonObject },
): Promise<string> {
  const { id, status } = await engine.start({ ...request, by: { name: 'bench' } })
  const end = isEnded(status) ? status : await ended(engine, id)
  if (end !== 'completed') throw new Error(`Execution ${id} ended ${end}`)
  return id
}

type Waits = Turnover<string, (status: string) => void>

const waiting = new WeakMap<RunningEngine, Waits>()

/** The end of an execution, told by the gate; no statement of its own. */
export function ended(engine: RunningEngine, id: string): Promise<string> {
  const waits = waiting.get(engine) ?? watch(engine)
  return new Promise((resolve) => waits.set(id, resolve))
}

function watch(engine: RunningEngine): Waits {
  const waits: Waits = createTurnover()
  waiting.set(engine, waits)
  engine.onChange((id, _seq, status) => {
    if (status === undefined || !isEnded(status)) return
    waits.get(id)?.(status)
    waits.delete(id)
  })
  return waits
}
