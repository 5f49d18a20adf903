// Effects that ask for a tag and wait for a process that has it.
import type { Db } from './db.ts'

/** A process that can claim what asks for the tag of this row. */
const serves = `'worker' = any(p.roles) and q.tag = any(p.tags)`

export interface TaggedWait {
  run: string
  attempt: number
  tag: string
  /** Some process with the tag lives. */
  served: boolean
}

export async function taggedWaits(db: Db, execution: string): Promise<TaggedWait[]> {
  return db.query<TaggedWait>(
    `select q.run, q.attempt, q.tag, exists (select from fermata.processes p where ${serves}) as served
     from fermata.queue q where q.execution_id = $1 and q.tag is not null and q.claimed_by is null`,
    [execution],
    'tagged_waits',
  )
}

export interface TagQueue {
  tag: string
  /** Effects that are due and claimed by nobody. */
  waiting: number
  oldestMs: number
  /** Live processes with the tag. */
  workers: number
}

/** Tags with effects that wait, longest first. */
export const tagQueues = `select q.tag, count(*)::int as waiting,
  extract(epoch from now() - min(q.due_at))::float8 * 1000 as "oldestMs",
  (select count(*)::int from fermata.processes p where ${serves}) as workers
  from fermata.queue q where q.tag is not null and q.claimed_by is null and q.due_at <= now()
  group by q.tag order by min(q.due_at)`

export async function listTagQueues(db: Db): Promise<TagQueue[]> {
  return db.query<TagQueue>(tagQueues, [], 'tag_queues')
}
