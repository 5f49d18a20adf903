// Round trip and commit: one small row inserted by a prepared statement, awaited, on one connection.
import type { Pool } from '../../src/store/db.ts'
import { median } from '../run/median.ts'

/** Median milliseconds of one awaited statement and of one awaited commit. */
export async function roundTrips(pool: Pool, times = 500): Promise<{ statement: number; commit: number }> {
  await pool.run('create table if not exists bench_insert (id bigint primary key, text text)')
  await pool.run('truncate bench_insert')
  const statement = await timeEach(times, () => pool.run('select 1', [], 'bench_select'))
  const commit = await timeEach(times, (n) =>
    pool.run('insert into bench_insert values ($1, $2)', [n, 'x'.repeat(100)], 'bench_insert'),
  )
  return { statement, commit }
}

async function timeEach(times: number, work: (n: number) => Promise<unknown>): Promise<number> {
  const taken: number[] = []
  for (let n = 0; n < times; n++) {
    const started = performance.now()
    await work(n)
    taken.push(performance.now() - started)
  }
  return median(taken)
}
