// W10: ten nodes in a row. Inline nodes: one commit per execution. Effect nodes: each dispatch and result committed.
import Type from 'typebox'
import type { WorkflowDocument } from '../src/core/document.ts'
import type { JsonObject } from '../src/core/json.ts'
import { loadNodeTypes } from '../src/runtime/registry.ts'
import type { Services } from '../src/runtime/services.ts'
import { type RunningEngine, startEngine } from '../src/runtime/start-engine.ts'
import type { NodeType } from '../src/sdk/node-type.ts'
import { publishDraft, saveDraft } from '../src/store/versions.ts'
import { bareEffects, bareInline } from './bare-loop.ts'
import { type BenchDatabase, countingPool, openBenchDatabase } from './database.ts'
import { median, printTable, type Row } from './print.ts'

const pad = 'x'.repeat(100)
const inFlight = 64
const by = { name: 'bench' }

const text = (en: string) => ({ en, zh: en, ru: en })
/** An effect with an empty body: what is measured is the commit of its dispatch and of its result. */
const nothing: NodeType<JsonObject> = {
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

function w10(key: string, type: string): WorkflowDocument {
  const nodes = Array.from({ length: 10 }, (_, n) => {
    const before = n === 0 ? 'inputs' : `nodes.n${n - 1}.output`
    const values = { i: `{{ ${before}.i + 1 }}`, pad: `{{ ${before}.pad }}` }
    return { id: `n${n}`, type, config: type === 'set' ? { values } : values }
  })
  const edges = nodes.slice(1).map((node, n) => ({ from: `n${n}`, to: node.id }))
  return { format: 'fermata/1', key, title: key, nodes, edges }
}

export async function benchW10(options: { seconds: number; rounds: number }): Promise<void> {
  const database = await openBenchDatabase()
  const counted = countingPool(database.pool)
  const types = await loadNodeTypes()
  types.set('nothing', nothing as NodeType)
  const engine = await startEngine({
    pool: counted.pool,
    types,
    services: {} as Services,
    log: { info() {}, warn: console.warn, error: console.error },
    concurrency: 256,
  })
  try {
    for (const [key, type] of [
      ['w10', 'set'],
      ['w10-effects', 'nothing'],
    ] as const) {
      await saveDraft(database.pool, { document: w10(key, type), by: 'bench' })
      await publishDraft(database.pool, { workflow: key, by: 'bench', check: () => undefined })
    }
    const bench = {
      database,
      engine,
      transactions: () => counted.transactions() + engine.core.committer.figures.flushes,
    }
    await measureInline(bench, options)
    await measureEffects(bench, options)
    await measureAlone(engine)
  } finally {
    await engine.stop()
    await database.close()
  }
}

interface Bench {
  database: BenchDatabase
  engine: RunningEngine
  /** Transactions the engine has made so far. */
  transactions(): number
}

interface Load {
  executions: number
  seconds: number
  transactions: number
  walBytes: number
  engineCpu: number
  databaseCpu: number
}

/** Closed loop: `inFlight` executions at a time, each checked to have ended with the right number. */
async function runLoad(bench: Bench, load: { key: string; ms: number }): Promise<Load> {
  const { database, engine } = bench
  const transactions = bench.transactions()
  const before = await database.counters()
  const cpu = process.cpuUsage()
  const databaseCpu = database.cpuSeconds()
  const started = performance.now()
  const until = started + load.ms
  let executions = 0
  const one = async (): Promise<void> => {
    while (performance.now() < until) {
      const { id, status } = await engine.start({ workflow: load.key, inputs: { i: 0, pad }, by })
      const end = status === 'completed' ? status : await ended(engine, id)
      if (end !== 'completed') throw new Error(`Execution ${id} ended ${end}`)
      executions++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  const seconds = (performance.now() - started) / 1000
  const used = process.cpuUsage(cpu)
  const after = await database.counters()
  return {
    executions,
    seconds,
    transactions: bench.transactions() - transactions,
    walBytes: after.walBytes - before.walBytes,
    engineCpu: (used.user + used.system) / 1e6,
    databaseCpu: database.cpuSeconds() - databaseCpu,
  }
}

const waiting = new Map<string, (status: string) => void>()
let watched: RunningEngine | undefined

/** The end of an execution, told by the gate; no statement of its own. */
function ended(engine: RunningEngine, id: string): Promise<string> {
  if (watched !== engine) {
    watched = engine
    engine.onChange((changed, _seq, status) => {
      if (status === 'completed' || status === 'error' || status === 'failed') {
        waiting.get(changed)?.(status)
        waiting.delete(changed)
      }
    })
  }
  return new Promise((resolve) => waiting.set(id, resolve))
}

async function measureInline(
  bench: Bench,
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<void> {
  const ms = seconds * 1000
  await runLoad(bench, { key: 'w10', ms: 1000 })
  const ours: Load[] = []
  const bare: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(await runLoad(bench, { key: 'w10', ms }))
    bare.push((await bareInline(bench.database.pool, { batch: inFlight, ms })).perSecond)
  }
  report('W10 inline', { ours, bare, perExecution: true, bar: 0.5 })
}

async function measureEffects(
  bench: Bench,
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<void> {
  const ms = seconds * 1000
  await runLoad(bench, { key: 'w10-effects', ms: 1000 })
  const ours: Load[] = []
  const bare: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(await runLoad(bench, { key: 'w10-effects', ms }))
    bare.push((await bareEffects(bench.database.pool, { batch: inFlight, ms })).perSecond)
  }
  report('W10 effects', { ours, bare, perExecution: false, bar: 0.4 })
}

interface Report {
  ours: Load[]
  bare: number[]
  perExecution: boolean
  bar: number
}

function report(title: string, { ours, bare, perExecution, bar }: Report): void {
  const executions = ours.map((load) => load.executions / load.seconds)
  const runs = executions.map((rate) => rate * 10)
  const unit = perExecution ? executions : runs
  const ratio = median(unit.map((rate, n) => rate / (bare[n] ?? Number.NaN)))
  const per = (read: (load: Load) => number): number => median(ours.map(read))
  const rows: Row[] = [
    ['executions/s', median(executions)],
    ['node runs/s', median(runs)],
    ['transactions per execution', per((load) => load.transactions / load.executions)],
    ['CPU s per 1,000 node runs, engine', per((load) => (load.engineCpu / load.executions) * 100)],
    ['CPU s per 1,000 node runs, PostgreSQL', per((load) => (load.databaseCpu / load.executions) * 100)],
    ['WAL bytes per node run', per((load) => load.walBytes / load.executions / 10)],
    [`bare loop, ${perExecution ? 'executions' : 'node runs'}/s`, median(bare)],
    ['ratio to the bare loop', ratio],
  ]
  printTable(`${title}, ${inFlight} in flight`, rows, { value: ratio, atLeast: bar })
}

async function measureAlone(engine: RunningEngine): Promise<void> {
  const times: number[] = []
  const commits: number[] = []
  for (let n = 0; n < 30; n++) {
    const { flushes } = engine.core.committer.figures
    const started = performance.now()
    const { id } = await engine.start({ workflow: 'w10-effects', inputs: { i: 0, pad }, by })
    await ended(engine, id)
    times.push((performance.now() - started) / 10)
    commits.push(engine.core.committer.figures.flushes - flushes)
  }
  const rows: Row[] = [
    ['ms per node run', median(times)],
    ['commits per execution', median(commits)],
  ]
  printTable('W10 effects, one alone', rows, { value: median(commits), atMost: 12 })
}
