// RETENTION: half of a history of a million executions is deleted while others run. No transaction may be long.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { prune } from '../../src/store/prune.ts'
import { keepHistory } from '../hist/keep-history.ts'
import { startLoad } from '../hist/steady-load.ts'
import { makeDataFolder, openDatabaseIn } from '../run/database.ts'
import { chain } from '../run/documents.ts'
import { type Bench, openBench, publish } from '../run/engine.ts'
import { percentile } from '../run/median.ts'
import type { BenchOptions, Section, Workload } from '../run/workload.ts'

export const workload: Workload = {
  summary: '500,000 of 1,000,000 executions deleted beside W10: time, longest transaction',
  async run(options) {
    const executions = options.quick ? 20_000 : 1_000_000
    const kept = await keepHistory(executions)
    const folder = makeDataFolder()
    // With owners and modes: the user who runs PostgreSQL need not be us.
    execFileSync('cp', ['-a', `${kept}/.`, folder])
    rmSync(join(folder, 'lock'), { recursive: true, force: true })
    const database = await openDatabaseIn(folder)
    const bench = await openBench(database)
    try {
      await publish(database.pool, chain('w10', { type: 'set', nodes: 10 }))
      return [await measure(bench, options)]
    } finally {
      await bench.engine.stop()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function measure(bench: Bench, { seconds }: BenchOptions): Promise<Section> {
  const { pool } = bench.database
  const quiet = startLoad(bench)
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  const before = await quiet.stop()
  const load = startLoad(bench)
  const wal = await bench.database.walBytes()
  const started = performance.now()
  const pruned = await prune(pool, { keeping: { keepDays: 15, keepChangesDays: undefined } })
  const took = (performance.now() - started) / 1000
  const walBytes = (await bench.database.walBytes()) - wal
  const during = await load.stop()
  const vacuumed = performance.now()
  await pool.run('vacuum fermata.node_runs')
  await pool.run('vacuum fermata.executions')
  return {
    title: `Retention, W10 at ${during.perSecond.toFixed(0)} executions/s beside it`,
    rows: [
      { name: 'executions deleted', value: pruned.executions },
      { name: 'time', value: took, unit: 's' },
      { name: 'executions deleted', value: pruned.executions / took, unit: '/s' },
      { name: 'longest transaction', value: pruned.longestMs / 1000, unit: 's' },
      { name: 'WAL per execution deleted', value: walBytes / pruned.executions, unit: 'B' },
      { name: 'W10 p99 before', value: percentile(before.times, 0.99), unit: 'ms' },
      { name: 'W10 p99 meanwhile', value: percentile(during.times, 0.99), unit: 'ms' },
      { name: 'vacuum afterwards', value: (performance.now() - vacuumed) / 1000, unit: 's' },
    ],
    bars: { 'retention.longest': pruned.longestMs / 1000 },
  }
}
