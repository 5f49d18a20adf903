// The largest snapshot that is written while something runs: seen by a trigger, so none is missed.
import type { Pool } from '../../src/store/db.ts'

export async function largestSnapshot(pool: Pool, work: () => Promise<void>): Promise<number> {
  await pool.query(`
    create table bench_snapshot (bytes integer not null);
    insert into bench_snapshot values (0);
    create function bench_see_snapshot() returns trigger language plpgsql as $$
    begin
      update bench_snapshot set bytes = octet_length(new.snapshot::text) where bytes < octet_length(new.snapshot::text);
      return null;
    end $$;
    create trigger bench_see_snapshot after insert or update on fermata.executions
      for each row execute function bench_see_snapshot()`)
  try {
    await work()
    const [row] = await pool.query<{ bytes: number }>('select bytes from bench_snapshot')
    return row?.bytes ?? 0
  } finally {
    await pool.query(`drop trigger bench_see_snapshot on fermata.executions;
      drop function bench_see_snapshot(); drop table bench_snapshot`)
  }
}
