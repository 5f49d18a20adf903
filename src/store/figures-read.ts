// Figures of the whole database for monitoring: one statement, over live executions and the queue alone.
import type { Db } from './db.ts'
import { tagQueues } from './queue-tags.ts'

export type QueueState =
  /** Waits for a process. */
  | 'due'
  /** A process works on it. */
  | 'claimed'
  /** Its time has not come. */
  | 'later'
  /** Its execution is paused. */
  | 'held'

export interface QueueFigure {
  workflow: string
  kind: string
  state: QueueState
  count: number
  /** How long the oldest of those that wait for a process has been due, in seconds. */
  age: number | null
}

/** Effects that wait for a process with this tag; see `queue-tags.ts`. */
export interface TagFigure {
  tag: string
  count: number
  age: number
  workers: number
}

export interface DatabaseFigures {
  /** The database's clock, ms since 1970. */
  now: number
  live: { status: string; waiting: boolean; attention: boolean; count: number }[]
  queue: QueueFigure[]
  /** `silent`: seconds since the last heartbeat. */
  processes: { roles: string[]; silent: number }[]
  /** Open tasks. */
  tasks: number
  /** Effects that were interrupted and wait for their next try. */
  suspects: number
  tags: TagFigure[]
}

const list = (rows: string): string => `(select coalesce(json_agg(x), '[]') from (${rows}) x)`

const live = `select status, waiting, attention, count(*)::int from fermata.executions
  where status in ('queued', 'running', 'paused') group by status, waiting, attention order by status, waiting, attention`
const queue = `select workflow, kind, state, count(*)::int,
    case when state = 'due' then extract(epoch from now() - min(due_at))::float8 end as age
  from (select workflow, kind, due_at, case when claimed_by is not null then 'claimed' when due_at = 'infinity' then 'held'
    when due_at <= now() then 'due' else 'later' end as state from fermata.queue) q
  group by workflow, kind, state order by workflow, kind, state`
const processes = `select roles, extract(epoch from now() - beat_at)::float8 as silent from fermata.processes`
const tags = `select tag, waiting as count, "oldestMs" / 1000 as age, workers from (${tagQueues}) t`

export async function readFigures(db: Db): Promise<DatabaseFigures> {
  const [row] = await db.query<DatabaseFigures>(
    `select extract(epoch from now())::float8 * 1000 as now, ${list(live)} as live, ${list(queue)} as queue, ${list(processes)} as processes,
       ${list(tags)} as tags,
       (select count(*)::int from fermata.tasks where status = 'open') as tasks,
       (select count(*)::int from fermata.queue where claimed_by is null and crashes > 0 and kind = 'run') as suspects`,
    [],
    'read_figures',
  )
  return row as DatabaseFigures
}
