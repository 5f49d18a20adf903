// LOOP: 10,000 rounds of one node. What a round costs must not depend on how many went before it.
import type { WorkflowDocument } from '../../src/core/document.ts'
import { bareEffects, bareInline } from '../limits/bare-loop.ts'
import { openBenchDatabase } from '../run/database.ts'
import { type Bench, complete, openBench, publish } from '../run/engine.ts'
import { median } from '../run/median.ts'
import { largestSnapshot } from '../run/snapshots.ts'
import type { BenchOptions, Row, Section, Workload } from '../run/workload.ts'

const variants = { inline: 'set', effects: 'nothing' } as const
type Variant = keyof typeof variants

export const workload: Workload = {
  summary: '10,000 rounds of a loop: time per round at the end and at the start, largest snapshot',
  async run(options) {
    const database = await openBenchDatabase()
    const bench = await openBench(database)
    try {
      const results: Measured[] = []
      for (const variant of ['inline', 'effects'] as const) {
        results.push(await measure(bench, variant, options))
      }
      return [summarise(results)]
    } finally {
      await bench.engine.stop()
      await database.close()
    }
  },
}

function loop(key: string, type: string, times: number): WorkflowDocument {
  const values = { i: '{{ index }}', of: '{{ inputs.i }}' }
  const body = { id: 'body', type, parent: 'each', config: type === 'set' ? { values } : values }
  const nodes = [{ id: 'each', type: 'loop', config: { times } }, body]
  return { format: 'fermata/1', key, title: key, nodes, edges: [] }
}

interface Measured {
  variant: Variant
  seconds: number
  /** Time of the last tenth of the rounds to that of the first. */
  growth: number
  snapshot: number
  /** Seconds that the bare loop takes for as many node runs. */
  limit: number
}

async function measure(bench: Bench, variant: Variant, { rounds, quick }: BenchOptions): Promise<Measured> {
  const times = quick ? 2000 : 10_000
  const key = `loop-${variant}`
  const { pool } = bench.database
  await publish(pool, loop(key, variants[variant], times))
  await runOnce(bench, key, times)
  const snapshot = await largestSnapshot(pool, async () => void (await runOnce(bench, key, times)))
  const runs: { seconds: number; growth: number }[] = []
  const limits: number[] = []
  for (let round = 0; round < rounds; round++) {
    runs.push(await runOnce(bench, key, times))
    limits.push(times / (await bareRuns(bench, variant)))
  }
  return {
    variant,
    seconds: median(runs.map(({ seconds }) => seconds)),
    growth: median(runs.map(({ growth }) => growth)),
    snapshot,
    limit: median(limits),
  }
}

/** Node runs per second: inline in batches, effects one after the other as a loop has them. */
async function bareRuns({ database }: Bench, variant: Variant): Promise<number> {
  const ms = 500
  if (variant === 'inline') return (await bareInline(database.pool, { batch: 64, ms })).perSecond * 10
  return (await bareEffects(database.pool, { batch: 1, ms })).perSecond
}

async function runOnce({ engine, database }: Bench, key: string, times: number) {
  const started = performance.now()
  const id = await complete(engine, { workflow: key, inputs: { i: 0 } })
  const seconds = (performance.now() - started) / 1000
  const ends = await database.pool.query<{ at: number }>(
    `select extract(epoch from ended_at)::float8 as at from fermata.all_node_runs
     where execution_id = $1 and node = 'body' order by ended_at`,
    [id],
  )
  if (ends.length !== times) throw new Error(`${ends.length} rounds were recorded instead of ${times}`)
  const tenth = times / 10
  const lasted = (from: number, to: number) => (ends[to - 1]?.at ?? 0) - (ends[from]?.at ?? 0)
  return { seconds, growth: lasted(times - tenth, times) / lasted(0, tenth) }
}

function summarise(results: readonly Measured[]): Section {
  return {
    title: 'LOOP, rounds one after the other',
    rows: results.flatMap(({ variant, seconds, growth, snapshot, limit }): Row[] => [
      { name: `${variant}: all rounds`, value: seconds, unit: 's', limit, limitIs: 'bare loop' },
      { name: `${variant}: last tenth to first tenth`, value: growth, unit: '×' },
      { name: `${variant}: largest snapshot`, value: snapshot, unit: 'B' },
    ]),
    bars: {
      'loop.growth': Math.max(...results.map(({ growth }) => growth)),
      'loop.snapshot': Math.max(...results.map(({ snapshot }) => snapshot)),
    },
  }
}
