// Invariants read off the database alone: nothing lost (I1), once (I2), final (I4), timers (I6), people (I7), at rest
// (I10), audit (I12).
import type { Pool } from '../../../src/store/db.ts'
import type { Read, Violation } from './oracle.ts'

const live = `('queued', 'running', 'paused')`

/** Each row of an answer is a violation. */
const checks: readonly { rule: string; what: string; sql: string }[] = [
  {
    rule: 'I2',
    what: 'a seq is missing or was written twice',
    sql: `select execution_id as execution, max(seq)::text as what from public.steps group by execution_id
      having count(distinct seq) <> count(*) or max(seq) - min(seq) + 1 <> count(*) or min(seq) <> 1`,
  },
  {
    rule: 'I2',
    what: 'an attempt settled twice',
    sql: `select m.execution_id as execution, m.run || '#' || m.attempt as what from public.marks m where m.ended
      and not exists (select from fermata.acts a where a.execution_id = m.execution_id and a.run = m.run and a.act not in ('answer', 'confirm'))
      group by m.execution_id, m.run, m.attempt having count(*) > 1`,
  },
  {
    rule: 'I2',
    what: 'two executions for one key',
    sql: `select min(id) as execution, dedup_key as what from fermata.executions where dedup_key is not null
      group by dedup_key having count(*) > 1`,
  },
  {
    rule: 'I4',
    what: 'an attempt changed after it had settled',
    sql: `select m.execution_id as execution, m.run || '#' || m.attempt as what from public.marks m
      join public.marks e using (execution_id, run, attempt) where e.ended and not m.ended and m.id > e.id`,
  },
  {
    rule: 'I4',
    what: 'an execution left its end',
    sql: `select distinct s.execution_id as execution, e.status || ' to ' || s.status as what from public.steps s
      join lateral (select t.status from public.steps t where t.execution_id = s.execution_id and t.id < s.id
        and t.status not in ${live} order by t.id desc limit 1) e on e.status <> s.status
      where not exists (select from fermata.acts a where a.execution_id = s.execution_id and a.act like 'retry%')`,
  },
  {
    rule: 'I6',
    what: 'a timer fired early',
    sql: `select d.execution_id as execution, d.run || '#' || d.attempt || ' ' || d.kind as what from public.leases d
      join public.marks m on m.execution_id = d.execution_id and m.run = d.run and m.attempt = d.attempt and m.ended
      join public.leases i on i.execution_id = d.execution_id and i.run = d.run and i.attempt = d.attempt
        and i.kind = d.kind and i.op = 'insert'
      where d.op = 'delete' and d.at < i.due_at
        and ((d.kind = 'wake' and m.status = 'completed') or (d.kind = 'timeout' and m.status = 'timed-out'))
        and not exists (select from fermata.acts a where a.execution_id = d.execution_id and a.run = d.run)`,
  },
  {
    rule: 'I6',
    what: 'a timer was set or fired other than once',
    sql: `select execution_id as execution, run || '#' || attempt || ' ' || kind as what from public.leases
      where kind = 'wake' and op in ('insert', 'delete') group by execution_id, run, attempt, kind
      having count(*) filter (where op = 'insert') <> 1 or count(*) filter (where op = 'delete') <> 1`,
  },
  {
    rule: 'I7',
    what: 'an answer was taken other than once',
    sql: `select t.execution_id as execution, t.run || '#' || t.attempt as what from fermata.tasks t
      where (t.status = 'done') <> (1 = (select count(*) from fermata.acts a where a.execution_id = t.execution_id
        and a.run = t.run and a.act in ('answer', 'complete', 'choose')))
        and not exists (select from fermata.tasks o where o.execution_id = t.execution_id and o.run = t.run
          and o.attempt <> t.attempt)`,
  },
  {
    rule: 'I10',
    what: 'an ended execution has work in the queue',
    sql: `select q.execution_id as execution, q.run || ' ' || q.kind as what from fermata.queue q
      left join fermata.executions e on e.id = q.execution_id where e.id is null or e.status not in ${live}`,
  },
  {
    rule: 'I10',
    what: 'a claim of a process that is gone',
    sql: `select execution_id as execution, run || ' ' || kind as what from fermata.queue q
      where claimed_by is not null and not exists (select from fermata.processes p where p.id = q.claimed_by)`,
  },
  {
    rule: 'I10',
    what: 'something is due and nobody does it',
    sql: `select q.execution_id as execution, q.run || ' ' || q.kind as what from fermata.queue q
      where q.due_at < now() - interval '5 s' and q.claimed_by is null`,
  },
  {
    rule: 'I10',
    what: 'an ended execution has an open task',
    sql: `select t.execution_id as execution, t.run as what from fermata.tasks t
      join fermata.executions e on e.id = t.execution_id where t.status = 'open' and e.status not in ${live}`,
  },
  {
    rule: 'I10',
    what: 'an ended execution holds a record',
    sql: `select l.execution_id as execution, l.record_id as what from fermata.locks l
      join fermata.executions e on e.id = l.execution_id where e.status not in ${live}`,
  },
]

async function tryAll(pool: Pool): Promise<Violation[]> {
  const found: Violation[] = []
  for (const { rule, what, sql } of checks) {
    const rows = await pool.query<{ execution: string; what: string }>(sql)
    for (const row of rows) found.push({ rule, execution: row.execution, what: `${what}: ${row.what}` })
  }
  return found
}

/** The same for those who know nothing but the database. */
export async function findBreaches(pool: Pool): Promise<string[]> {
  return (await tryAll(pool)).map(({ execution, what }) => `${what} of ${execution}`)
}

export async function checkRows(read: Read): Promise<Violation[]> {
  return [
    ...(await tryAll(read.pool)),
    ...checkStarts(read),
    ...(await checkAnswers(read)),
    ...(await checkActs(read)),
  ]
}

/** I1: whatever was acknowledged is there, under its key. */
function checkStarts({ heads, sent }: Read): Violation[] {
  const byKey = new Map(heads.map((head) => [head.dedupKey, head]))
  return sent.starts.flatMap(({ key, execution }) => {
    const head = byKey.get(key)
    if (execution === undefined || head?.id === execution) return []
    return [{ rule: 'I1', execution, what: `start ${key} was acknowledged, found ${head?.id ?? 'nothing'}` }]
  })
}

/** I7: what a person was told is done was done, with their answer. */
async function checkAnswers({ pool, sent }: Read): Promise<Violation[]> {
  const rows = await pool.query<{ id: string; execution: string; status: string; port: string | null }>(
    `select id, execution_id as execution, status, answer ->> 'port' as port from fermata.tasks`,
  )
  const tasks = new Map(rows.map((row) => [row.id, row]))
  return sent.answers.flatMap(({ task, port, acknowledged }) => {
    const row = tasks.get(task)
    if (!acknowledged || (row?.status === 'done' && (port === undefined || row.port === port))) return []
    const what = `answer ${port} to task ${task} was acknowledged, found ${JSON.stringify(row)}`
    return [{ rule: 'I7', execution: row?.execution ?? '', what }]
  })
}

/** I12: each act acknowledged has one row; one that was not acknowledged has one at most. */
async function checkActs({ pool, sent }: Read): Promise<Violation[]> {
  const rows = await pool.query<{ execution: string; act: string; run: string | null; count: number }>(
    `select execution_id as execution, act, run, count(*)::int as count from fermata.acts
     where by <> 'parent' group by execution_id, act, run`,
  )
  const recorded = new Map(
    rows.map(({ execution, act, run, count }) => [`${execution} ${act} ${run}`, count]),
  )
  const wanted = new Map<string, { least: number; most: number }>()
  for (const { execution, act, run, acknowledged } of sent.acts) {
    const key = `${execution} ${act} ${run ?? null}`
    const { least, most } = wanted.get(key) ?? { least: 0, most: 0 }
    wanted.set(key, { least: least + (acknowledged ? 1 : 0), most: most + 1 })
  }
  return [...wanted].flatMap(([key, { least, most }]) => {
    const count = recorded.get(key) ?? 0
    if (count >= least && count <= most) return []
    const what = `${key}: ${least} to ${most} audit rows wanted, found ${count}`
    return [{ rule: 'I12', execution: key.split(' ')[0] ?? '', what }]
  })
}
