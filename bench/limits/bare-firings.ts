// What the machine needs for the rows that firings leave, without a scheduler and an engine: 500 schedules a statement
// move on, each with a firing, an execution and its one node run.
import type { Pool } from '../../src/store/db.ts'

const atOnce = 500
let nextId = 2_000_000_000

const sql = `with s as (select id, row_number() over () as n from (select id from fermata.schedules
    where state = 'paused' and next_fire_at <= now() limit $1 for update skip locked) due),
  m as (update fermata.schedules t set next_fire_at = now() + interval '1 day' from s where t.id = s.id),
  f as (insert into fermata.firings (schedule_id, due_at, status, execution_id)
    select id, now(), 'started', $2::bigint + n from s),
  e as (insert into fermata.executions (id, workflow, version, status, snapshot, inputs, trigger, started_by,
      created_at, started_at, ended_at, dedup_key)
    select $2::bigint + n, 'sched', 1, 'completed', '{"s":{"":["a",0]},"r":{}}', '{}', 'schedule', 'bench', now(), now(),
      now(), 'schedule:' || id || ':' || $2 from s)
  insert into fermata.node_runs (execution_id, run, attempt, node, status, input, output, started_at, ended_at, worker, seq)
  select $2::bigint + n, 'a', 1, 'a', 'completed', '{"values":{"x":1}}', '{"x":1}', now(), now(), '12345@abcdefgh', 1 from s`

/** Firings per second, of all paused schedules that are due. */
export async function bareFirings(pool: Pool): Promise<number> {
  const started = performance.now()
  for (let all = 0; ; nextId += atOnce) {
    const done = await pool.run(sql, [atOnce, nextId], 'bare_firings')
    all += done
    if (done < atOnce) return all / ((performance.now() - started) / 1000)
  }
}
