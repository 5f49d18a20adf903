// Who of the queued may start: as many with one concurrency key as its limit allows, the oldest first.
import type { Db } from './db.ts'

export interface Candidate {
  id: string
  key: string
  limit: number
  /** `active`: executions that only wait do not count. */
  over: 'run' | 'active'
}

/** In the queue row of a start: it has a place, though its execution may still read `queued`. */
const admitted = `'{"admitted":true}'::json`
const isAdmitted = (id: string) =>
  `exists (select from fermata.queue q where q.execution_id = ${id} and q.kind = 'start' and q.payload is not null)`

/**
 * Gives a queued execution its place, or false. The place is its own from here on, also while the save of its start is
 * under way: one that was created earlier and is seen later must not take it.
 */
export async function admit(db: Db, { id, key, limit, over }: Candidate): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [key])
    const given = await tx.run(
      `update fermata.queue q set payload = ${admitted} where q.execution_id = $2 and q.kind = 'start' and $4 > (
         select count(*) from fermata.executions e where e.concurrency_key = $1 and e.ended_at is null and e.id <> $2
           and case when e.status <> 'queued' then not ($3 and e.waiting)
             else ${isAdmitted('e.id')} or (not ${isAdmitted('$2')} and (e.created_at, e.id) <
               (select o.created_at, o.id from fermata.executions o where o.id = $2)) end)`,
      [key, id, over === 'active', limit],
    )
    return given > 0
  })
}
