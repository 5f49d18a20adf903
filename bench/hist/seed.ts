// A history of 30 days written by SQL: the same executions each time, only the times move with the day of the seeding.
// Rows are as the product writes them; `tests/bench-history.test.ts` compares them with those of an execution that has run.
import type { WorkflowDocument } from '../../src/core/document.ts'
import type { Db, Pool } from '../../src/store/db.ts'
import { publishDraft, saveDraft } from '../../src/store/versions.ts'

/** Raised when the seed changes. */
export const edition = 3
export const workflowCount = 50
export const runsPerExecution = 10

/** Seeds `executions` and ten node runs each into an empty database. */
export async function seedHistory(pool: Pool, executions: number): Promise<void> {
  await seedWorkflows(pool)
  await withoutIndexes(pool, ['executions', 'node_runs'], async () => {
    const half = Math.floor(executions / 2)
    await Promise.all([
      seedRange(pool, { from: 1, to: half, of: executions }),
      seedRange(pool, { from: half + 1, to: executions, of: executions }),
    ])
  })
  await seedTasks(pool, executions)
  await seedTargets(pool)
  await seedActs(pool)
  await pool.query(`select setval('fermata.execution_ids', $1)`, [executions + 1000])
  await pool.run('vacuum (analyze) fermata.executions')
  await pool.run('vacuum (analyze) fermata.node_runs')
  await pool.run('analyze')
  await pool.run('checkpoint')
}

export const workflowKey = (n: number): string => `hist-${String(n).padStart(2, '0')}`
const subjects = ['payments', 'orders', 'search', 'billing', 'mail', 'stock', 'maps', 'login', 'video', 'ads']
const pad = 'x'.repeat(60)
const verbs = ['Restart', 'Deploy', 'Back up', 'Scale', 'Check']

function documentOf(n: number): WorkflowDocument {
  const nodes = Array.from({ length: runsPerExecution }, (_, i) => ({
    id: `n${i}`,
    type: 'set',
    config: { values: { i: '{{ 1 }}', pad } },
  }))
  const edges = nodes.slice(1).map((node, i) => ({ from: `n${i}`, to: node.id }))
  const title = `${verbs[n % verbs.length]} ${subjects[Math.floor(n / verbs.length)]}`
  return {
    format: 'fermata/1',
    key: workflowKey(n),
    title,
    kind: n % 10 === 3 ? 'sub' : 'main',
    nodes,
    edges,
  }
}

async function seedWorkflows(pool: Pool): Promise<void> {
  for (let n = 0; n < workflowCount; n++) {
    await saveDraft(pool, { document: documentOf(n), by: 'bench' })
    await publishDraft(pool, { workflow: workflowKey(n), by: 'bench', check: () => undefined })
  }
}

interface IndexRow {
  table: string
  name: string
  constraint: string | null
  definition: string
}

/** Indexes are built once over all rows instead of row by row. */
async function withoutIndexes(
  pool: Pool,
  tables: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const indexes = await pool.query<IndexRow>(
    `select t.relname as table, i.relname as name, c.conname as constraint,
       coalesce(pg_get_constraintdef(c.oid), pg_get_indexdef(i.oid)) as definition
     from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
     left join pg_constraint c on c.conindid = i.oid
     where t.relnamespace = 'fermata'::regnamespace and t.relname = any($1)`,
    [tables],
  )
  for (const { table, name, constraint } of indexes)
    await pool.run(
      constraint ? `alter table fermata.${table} drop constraint ${name}` : `drop index fermata.${name}`,
    )
  await work()
  for (const { table, name, constraint, definition } of indexes)
    await pool.transaction(async (tx) => {
      await tx.run(`set local maintenance_work_mem = '1GB'`)
      await tx.run(
        constraint ? `alter table fermata.${table} add constraint ${name} ${definition}` : definition,
      )
    })
}

interface Range {
  from: number
  to: number
  of: number
}

const atOnce = 50_000

async function seedRange(pool: Pool, { from, to, of }: Range): Promise<void> {
  for (let first = from; first <= to; first += atOnce) {
    const last = Math.min(to, first + atOnce - 1)
    await pool.transaction(async (tx) => {
      await seedExecutions(tx, { from: first, to: last, of })
      await seedNodeRuns(tx, { from: first, to: last, of })
    })
  }
}

/** From 0 up to 1, different for each salt. */
const chance = (salt: number): string => `((hashint8extended(i, ${salt}) & 1048575) / 1048576.0)`

const marks = Array.from({ length: runsPerExecution }, (_, n) => `n${n}`).join(' ')

/**
 * Few workflows run often and many rarely, and two have not run for weeks. 95 % completed; the last thousand are partly
 * under way. Three in five work on one of 20,000 records. `i` is the id.
 */
async function seedExecutions(tx: Db, { from, to, of }: Range): Promise<void> {
  await tx.run(
    `insert into fermata.executions (id, workflow, version, status, waiting, attention, test, seq, snapshot, inputs, error,
       target_collection, target_id, target_label, trigger, started_by, parent_id, parent_run, parent_attempt, depth,
       dedup_key, created_at, started_at, ended_at, dispatched)
     select i, 'hist-' || lpad(w::text, 2, '0'), 1 + (i * 5 / $3::bigint)::int, status,
       status = 'running' and ${chance(9)} < 0.8, status = 'running' and ${chance(8)} < 0.3, ${chance(7)} < 0.005, 1,
       ('{' || case when status = 'running' then '' else '"status":"' || status || '",' end || '"s":{"":["${marks}",0]},"r":{}}')::json, '{"reason":"because"}'::json,
       case when status in ('failed', 'error') then '{"code":"refused","message":"The host said no"}'::json end,
       case when on_target then case when t % 4 = 0 then 'host' else 'app_instance' end end,
       case when on_target then t::text end,
       case when on_target then (array['pay', 'web', 'db', 'mail', 'queue', 'cache', 'proxy', 'batch'])[1 + t % 8]
         || '-' || lpad(t::text, 5, '0') || (array['.eu', '.us', '.asia', ''])[1 + t % 4] end,
       trigger,
       case trigger when 'parent' then 'execution:' || (i - 1) when 'schedule' then 'schedule:' || (1 + t % 40)
         when 'event' then 'trigger:' || (1 + t % 12) else 'user-' || floor(200 * ${chance(5)} * ${chance(5)} * ${chance(5)})::int end,
       case when trigger = 'parent' then i - 1 end, case when trigger = 'parent' then 'n0' end,
       case when trigger = 'parent' then 1 end, (trigger = 'parent')::int,
       case when trigger = 'schedule' then 'schedule:' || (1 + t % 40) || ':' || i
         when trigger = 'api' and i % 100 < 20 then 'batch:' || i / 20000 || ':' || t || ':' || i
         when trigger = 'api' then 'api:' || w || ':' || i end,
       at, at, case when status not in ('queued', 'running', 'paused') then at + interval '1.5 s' end, 10
     from (
       select i, date_trunc('day', now()) - interval '30 days' + i * interval '30 days' / $3::bigint as at,
         case when i < $3::bigint / 15 and ${chance(1)} < 0.1 then 48 + i % 2 else floor(48 * ${chance(2)} * ${chance(2)})::int end as w,
         case when i > $3::bigint - 1000 and ${chance(3)} < 0.4 then (array['running', 'running', 'running', 'queued', 'paused'])[1 + i % 5]
           when ${chance(4)} < 0.95 then 'completed' when ${chance(4)} < 0.98 then 'failed'
           when ${chance(4)} < 0.99 then 'error' when ${chance(4)} < 0.999 then 'canceled' else 'rejected' end as status,
         case when ${chance(6)} < 0.3 then 'manual' when ${chance(6)} < 0.5 then 'api' when ${chance(6)} < 0.8 then 'schedule'
           when ${chance(6)} < 0.949 then 'event' when ${chance(6)} < 0.999 then 'parent' else 'cli' end as trigger,
         ${chance(10)} < 0.6 as on_target, floor(20000 * ${chance(11)})::int as t
       from generate_series($1::bigint, $2::bigint) i) s`,
    [from, to, of],
  )
}

/** Of those that wait, one in two waits for a person: for anybody, for some, or for one role. */
async function seedTasks(db: Db, executions: number): Promise<void> {
  await db.run(
    `insert into fermata.tasks (execution_id, run, attempt, kind, title, assignees, status)
     select id, 'n9', 1, 'manual', 'Look', (array['{}', '{user-1}', '{role:some}', '{admin}'])[1 + id % 4]::text[],
       case when status = 'running' then 'open' else 'done' end
     from fermata.executions where id > $1::bigint - 100000 and (id % 20 = 0 or (waiting and id % 2 = 0))`,
    [executions],
  )
}

/** As each start notes them. */
async function seedTargets(db: Db): Promise<void> {
  await db.run(
    `insert into fermata.targets (collection, id, label, noted_at)
     select target_collection, target_id, target_label, max(created_at) from fermata.executions
     where target_id is not null group by 1, 2, 3`,
  )
}

/** Somebody has ended each that was canceled. */
async function seedActs(db: Db): Promise<void> {
  await db.run(
    `insert into fermata.acts (execution_id, act, by, at)
     select id, 'terminate', 'user-1', ended_at from fermata.executions where status = 'canceled' order by id`,
  )
}

async function seedNodeRuns(tx: Db, { from, to, of }: Range): Promise<void> {
  await tx.run(
    `insert into fermata.node_runs (execution_id, run, attempt, node, status, input, output, started_at, ended_at, worker, seq)
     select i, 'n' || n, 1, 'n' || n, 'completed', '{"values":{"i":1,"pad":"${pad}"}}'::json,
       '{"i":1,"pad":"${pad}"}'::json, at, at + interval '100 ms', '1234@deadbeef', 1
     from generate_series($1::bigint, $2::bigint) i, generate_series(0, ${runsPerExecution - 1}) n,
       lateral (select date_trunc('day', now()) - interval '30 days' + i * interval '30 days' / $3::bigint as at) t
     order by i, n`,
    [from, to, of],
  )
}
