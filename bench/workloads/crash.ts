// CRASH: a worker that holds 1,000 executions is killed; another process is there. When does everything move again, what
// is lost, what is done twice?
import { setTimeout as pause } from 'node:timers/promises'
import type { WorkflowDocument } from '../../src/core/document.ts'
import { defaultDeadAfterMs } from '../../src/runtime/presence.ts'
import type { Pool } from '../../src/store/db.ts'
import { type Child, startChild } from '../run/children.ts'
import { type BenchDatabase, openBenchDatabase } from '../run/database.ts'
import { publish } from '../run/engine.ts'
import { median } from '../run/median.ts'
import type { Section, Workload } from '../run/workload.ts'

const workflow = 'crash'
const patienceMs = 90_000

export const workload: Workload = {
  summary:
    'kill -9 of a worker holding 1,000 executions: time until another moves all, what is lost and repeated',
  async run({ rounds, quick }) {
    const count = quick ? 200 : 1000
    const database = await openBenchDatabase()
    try {
      await publish(database.pool, document())
      const runs: Crash[] = []
      for (let round = 0; round < rounds; round++) runs.push(await crashOnce(database, count))
      return [summarise(runs, count)]
    } finally {
      await database.close()
    }
  },
}

/** Before, in flight at the kill, after. */
function document(): WorkflowDocument {
  return {
    ...{ format: 'fermata/1', key: workflow, title: workflow },
    nodes: [
      { id: 'before', type: 'told', config: {} },
      { id: 'during', type: 'told-slow', config: {} },
      { id: 'after', type: 'told', config: {} },
    ],
    edges: [
      { from: 'before', to: 'during' },
      { from: 'during', to: 'after' },
    ],
  }
}

interface Crash {
  /** Until the first and the last execution moved, and until all were completed; seconds after the kill. */
  first: number
  moving: number
  completed: number
  lost: number
  repeated: { inFlight: number; other: number }
}

async function crashOnce({ pool, url }: BenchDatabase, count: number): Promise<Crash> {
  await pool.run(
    'truncate fermata.executions, fermata.node_runs, fermata.run_packs, fermata.queue, fermata.processes',
  )
  const begun = new Map<string, number>()
  const note = ({ execution, run }: { execution: string; run: string }) => {
    const key = `${execution} ${run}`
    begun.set(key, (begun.get(key) ?? 0) + 1)
  }
  const victim = await startChild({ url, concurrency: count, hangs: true })
  victim.onEffect(note)
  await holdAll(victim, count)
  const heir = await startChild({ url, concurrency: count })
  try {
    const { first, moving } = await killAndWatch(victim, heir, { count, note })
    const completed = await untilAllEnded(pool, performance.now())
    const [row] = await pool.query<{ n: number }>(
      `select count(*)::int as n from fermata.executions where status = 'completed'`,
    )
    const again = [...begun].filter(([, times]) => times > 1)
    const inFlight = again.filter(([key]) => key.endsWith(' during')).length
    return {
      ...{ first, moving, completed: moving + completed },
      lost: count - (row?.n ?? 0),
      repeated: { inFlight, other: again.length - inFlight },
    }
  } finally {
    await heir.stop()
  }
}

/** Resolves when the effect of each execution is under way in the worker. */
async function holdAll(victim: Child, count: number): Promise<void> {
  let held = 0
  const all = new Promise<void>((resolve) => {
    victim.onEffect(({ run }) => {
      if (run === 'during' && ++held === count) resolve()
    })
  })
  victim.order({ do: 'start', workflow, count })
  await victim.answer('started')
  await all
}

interface Watch {
  count: number
  note(effect: { execution: string; run: string }): void
}

/** An execution moves again when the effect that was under way begins in the other process. */
function killAndWatch(
  victim: Child,
  heir: Child,
  { count, note }: Watch,
): Promise<{ first: number; moving: number }> {
  const moved = new Set<string>()
  const times: number[] = []
  const killed = performance.now()
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error(`Only ${moved.size} of ${count} moved`)), patienceMs)
    heir.onEffect((effect) => {
      note(effect)
      if (effect.run !== 'during' || moved.has(effect.execution)) return
      moved.add(effect.execution)
      times.push((performance.now() - killed) / 1000)
      if (moved.size < count) return
      clearTimeout(patience)
      resolve({ first: times[0] ?? Number.NaN, moving: times.at(-1) ?? Number.NaN })
    })
    victim.process.kill('SIGKILL')
  })
}

/** Seconds until nothing is under way any more. */
async function untilAllEnded(pool: Pool, since: number): Promise<number> {
  for (;;) {
    const live = await pool.query('select from fermata.executions where ended_at is null limit 1')
    if (live.length === 0) return (performance.now() - since) / 1000
    if (performance.now() - since > patienceMs) return Number.POSITIVE_INFINITY
    await pause(20)
  }
}

function summarise(runs: readonly Crash[], count: number): Section {
  const expiry = defaultDeadAfterMs / 1000
  const of = (read: (run: Crash) => number) => runs.map(read)
  const moving = median(of((run) => run.moving))
  const lost = Math.max(...of((run) => run.lost))
  const other = Math.max(...of((run) => run.repeated.other))
  return {
    title: `CRASH, kill -9 of a worker holding ${count}`,
    rows: [
      { name: 'first execution moves', value: median(of((run) => run.first)), unit: 's' },
      { name: 'all move', value: moving, unit: 's', limit: expiry, limitIs: 'claim expiry' },
      { name: 'all move, slowest run', value: Math.max(...of((run) => run.moving)), unit: 's' },
      { name: 'all completed', value: median(of((run) => run.completed)), unit: 's' },
      { name: 'lost', value: lost },
      { name: 'effects repeated, in flight at the kill', value: median(of((run) => run.repeated.inFlight)) },
      { name: 'effects repeated, others', value: other },
    ],
    bars: { 'crash.moving': moving - expiry, 'crash.lost': lost, 'crash.repeated': other },
  }
}
