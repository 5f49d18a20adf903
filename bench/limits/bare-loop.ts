// The physical limit to divide by: the same rows in the same tables with the same driver and batch size, and
// nothing else. Arrays are built once; only the ids change from batch to batch.
import type { Pool } from '../../src/store/db.ts'

export interface BareResult {
  /** Executions or node runs per second. */
  perSecond: number
}

const snapshot = `{"status":"completed","scopes":{"":{"marks":{${Array.from({ length: 10 }, (_, n) => `"n${n}":"out"`).join(',')}},"live":0,"base":0,"top":1}},"runs":{}}`
const inlineSql = `with e as (insert into fermata.executions (id, workflow, version, status, snapshot, inputs, trigger,
    started_by, created_at, started_at, ended_at)
    select id, 'w10', 1, 'completed', $2::json, $3::json, 'api', 'bench', now(), now(), now()
    from unnest($1::bigint[]) id)
  insert into fermata.node_runs (execution_id, run, attempt, node, status, input, output, started_at, ended_at,
    worker, seq)
  select r.id, r.run, 1, r.run, 'completed', r.input::json, r.output::json, now(), now(), '12345@abcdefgh', 1
  from unnest($4::bigint[], $5::text[], $6::text[], $7::text[]) r(id, run, input, output)`

const pad = 'x'.repeat(100)

/** Inline W10: one insert of `batch` executions with ten node runs each per statement. */
export async function bareInline(pool: Pool, options: { batch: number; ms: number }): Promise<BareResult> {
  const { batch, ms } = options
  const inputs = JSON.stringify({ i: 0, pad })
  const texts = Array.from({ length: batch * 10 }, (_, n) => JSON.stringify({ values: { i: n % 10, pad } }))
  const outputs = Array.from({ length: batch * 10 }, (_, n) => JSON.stringify({ i: n % 10, pad }))
  const runs = Array.from({ length: batch * 10 }, (_, n) => `n${n % 10}`)
  return loop({ batch, ms }, async (first) => {
    const ids = Array.from({ length: batch }, (_, n) => String(first + n))
    const runIds = runs.map((_, n) => ids[Math.floor(n / 10)])
    await pool.run(inlineSql, [ids, snapshot, inputs, runIds, runs, texts, outputs], 'bare_inline')
  })
}

/** No process: what the loop leaves behind must not be taken up by an engine. */
const claimant = '00000000-0000-0000-0000-000000000001'

const effectSql = `with x as (select * from unnest($1::bigint[], $2::text[], $3::integer[], $5::text[], $6::text[])
    x(id, snapshot, seq, input, output)),
  u as (update fermata.executions e set seq = e.seq + 1, snapshot = x.snapshot::json
    from x where e.id = x.id and e.seq = x.seq returning e.id, x.input, x.output),
  n as (insert into fermata.node_runs (execution_id, run, attempt, node, status, input, output, started_at, ended_at,
    worker, seq) select u.id, $4, 1, $4, 'completed', u.input::json, u.output::json, now(), now(), '12345@abcdefgh', 1
    from u),
  d as (delete from fermata.queue q using u where q.execution_id = u.id and q.run = $4 and q.attempt = 1)
  insert into fermata.queue (execution_id, run, attempt, kind, workflow, claimed_by)
  select u.id, $7, 1, 'run', 'w10', '${claimant}' from u`

/** Effect node runs: per statement, `batch` executions finish one effect and dispatch the next. */
export async function bareEffects(pool: Pool, options: { batch: number; ms: number }): Promise<BareResult> {
  const { batch, ms } = options
  const input = JSON.stringify({ i: 1, pad })
  const live = snapshot.replace('"completed"', '"running"')
  const snapshots = Array.from({ length: batch }, () => live)
  const inputs = Array.from({ length: batch }, () => input)
  let seq = 0
  let ids: string[] = []
  const result = await loop({ batch, ms }, async (first) => {
    if (seq % 10 === 0) ids = await startExecutions(pool, first, { batch, live })
    const seqs = ids.map(() => (seq % 10) + 1)
    const run = `n${seq % 10}`
    const values = [ids, snapshots, seqs, run, inputs, inputs, `n${(seq % 10) + 1}`]
    await pool.run(effectSql, values, 'bare_effect')
    seq++
  })
  await pool.run('delete from fermata.queue where claimed_by = $1', [claimant])
  await pool.run(`update fermata.executions set ended_at = now() where ended_at is null and id >= ${firstId}`)
  return result
}

async function startExecutions(
  pool: Pool,
  first: number,
  options: { batch: number; live: string },
): Promise<string[]> {
  const ids = Array.from({ length: options.batch }, (_, n) => String(first + n))
  await pool.run(
    `with e as (insert into fermata.executions (id, workflow, version, status, snapshot, trigger, started_by)
      select id, 'w10', 1, 'running', $2::json, 'api', 'bench' from unnest($1::bigint[]) id returning id)
     insert into fermata.queue (execution_id, run, attempt, kind, workflow, claimed_by)
     select e.id, 'n0', 1, 'run', 'w10', '${claimant}' from e`,
    [ids, options.live],
    'bare_start',
  )
  return ids
}

const firstId = 1_000_000_000
let nextId = firstId

/** One statement after the other; counts what finished within the time. */
async function loop(
  options: { batch: number; ms: number },
  write: (firstId: number) => Promise<void>,
): Promise<BareResult> {
  const started = performance.now()
  const until = started + options.ms
  let done = 0
  while (performance.now() < until) {
    const first = nextId
    nextId += options.batch
    await write(first)
    done += options.batch
  }
  return { perSecond: done / ((performance.now() - started) / 1000) }
}
