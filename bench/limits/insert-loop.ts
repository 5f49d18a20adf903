// What pgbench does with `insert into t values (…)`: prepared one-row inserts, so many connections at a time.
import { openPool, type Pool } from '../../src/store/db.ts'

/** Commits per second. */
export async function insertLoop(
  { config }: Pool,
  { connections, ms }: { connections: number; ms: number },
): Promise<number> {
  const pool = openPool({ ...config, max: connections })
  try {
    await pool.run(
      'create table if not exists bench_insert_loop (id bigint generated always as identity primary key, text text)',
    )
    const text = 'x'.repeat(100)
    const started = performance.now()
    let done = 0
    const one = async () => {
      while (performance.now() < started + ms) {
        await pool.run('insert into bench_insert_loop (text) values ($1)', [text], 'bench_insert_loop')
        done++
      }
    }
    await Promise.all(Array.from({ length: connections }, one))
    return done / ((performance.now() - started) / 1000)
  } finally {
    await pool.close()
  }
}
