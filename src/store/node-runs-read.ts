// Node runs, their logs, bindings and what people did, as pages show them.
import type { Json } from '../core/json.ts'
import type { RunError } from '../core/outcome.ts'
import type { RunStatus } from '../core/statuses.ts'
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'
import type { Db } from './db.ts'
import { where } from './where.ts'

export interface NodeRunRow {
  run: string
  attempt: number
  node: string
  status: RunStatus
  record: string | null
  manual: Json
  wait: Json
  input: Json
  output: Json
  error: RunError | null
  startedAt: Date | null
  endedAt: Date | null
  worker: string | null
  seq: number
  /** No later attempt of this run exists. */
  last: boolean
}

const columns = `n.run, n.attempt, n.node, n.status, n.record, n.manual, n.wait, n.input,
  coalesce(n.output, b.content) as output, n.error, n.started_at as "startedAt", n.ended_at as "endedAt", n.worker, n.seq`
/** Where all attempts of a run are read, in their order: nothing is looked up for each row. */
const lastOfThese = 'lead(n.attempt) over (partition by n.run order by n.attempt) is null as last'
const lastOfAll = `not exists (
  select from fermata.node_runs l
  where l.execution_id = n.execution_id and l.run = n.run and l.attempt > n.attempt) as last`
const from = `fermata.all_node_runs n left join fermata.blobs b
  on b.execution_id = n.execution_id and b.run = n.run and b.attempt = n.attempt`

export interface NodeRunFilter {
  execution: string
  run?: string
  node?: string
  last?: boolean
  cursor?: string
  limit: number
}

/** By run id, then attempt. */
export async function listNodeRuns(
  db: Db,
  filter: NodeRunFilter,
): Promise<{ items: NodeRunRow[]; next?: string }> {
  const w = where()
  w.and(`n.execution_id = ${w.param(filter.execution)}`)
  w.if(filter.run, (p) => `n.run = ${p}`)
  w.if(filter.node, (p) => `n.node = ${p}`)
  if (filter.cursor) {
    const [run, attempt] = decodeCursor(filter.cursor, 2)
    w.and(`(n.run, n.attempt) > (${w.param(run)}, ${w.param(attempt)}::integer)`)
  }
  const rows = await db.query<NodeRunRow>(
    `select * from (select ${columns}, ${lastOfThese} from ${from} ${w.text()}) n ${filter.last ? 'where n.last' : ''}
     order by n.run, n.attempt limit ${filter.limit + 1}`,
    w.values,
  )
  return pageOf(rows, filter.limit, (row) => encodeCursor(row.run, row.attempt))
}

/** Rows written by a save after `seq`, oldest save first; never splits the rows of one save. */
export async function nodeRunsSince(
  db: Db,
  execution: string,
  page: { seq: number; limit: number },
): Promise<NodeRunRow[]> {
  return db.query<NodeRunRow>(
    `select ${columns}, ${lastOfAll} from ${from} where n.execution_id = $1 and n.seq > $2
     order by n.seq fetch first ${page.limit} rows with ties`,
    [execution, page.seq],
  )
}

/** The last attempt of one run. */
export async function findNodeRun(db: Db, execution: string, run: string): Promise<NodeRunRow | undefined> {
  const { items } = await listNodeRuns(db, { execution, run, last: true, limit: 1 })
  return items[0]
}

export interface LogRow {
  line: number
  at: Date
  level: string
  text: string
}

export interface LogFilter {
  execution: string
  run: string
  /** Default: the last attempt. */
  attempt?: number
  after: number
  limit: number
}

export async function listLogs(db: Db, filter: LogFilter): Promise<LogRow[]> {
  return db.query<LogRow>(
    `select line, at, level, text from fermata.run_logs
     where execution_id = $1 and run = $2 and line > $3 and attempt = coalesce($4,
       (select max(attempt) from fermata.node_runs where execution_id = $1 and run = $2), 1)
     order by line limit ${filter.limit}`,
    [filter.execution, filter.run, filter.after, filter.attempt ?? null],
  )
}

export interface BindingRow {
  run: string
  collection: string
  mode: string
  records: string[]
  labels: string[]
}

export async function listBindings(db: Db, execution: string): Promise<BindingRow[]> {
  return db.query<BindingRow>(
    `select run, collection, mode, records, labels from fermata.bindings where execution_id = $1 order by run`,
    [execution],
  )
}

export interface ActRow {
  act: string
  run: string | null
  by: string
  reason: string | null
  details: Json
  at: Date
}

/** Oldest first. */
export async function listActs(db: Db, execution: string): Promise<ActRow[]> {
  return db.query<ActRow>(
    'select act, run, by, reason, details, at from fermata.acts where execution_id = $1 order by id',
    [execution],
  )
}
