// Node runs whose process went away: those that somebody has to decide on, and those that wait for their next try.
import type { Db } from './db.ts'

export interface TroubledRun {
  execution: string
  workflow: string
  run: string
  attempt: number
  /** `interrupted`, `poison`: ended so, and nothing has been done about it; `again`: waits for its next try. */
  state: 'interrupted' | 'poison' | 'again'
  /** How often a process went away with it; null where that is not kept. */
  crashes: number | null
  at: Date
}

/** Over live executions alone: what ended with such a failure is found among the executions. */
export async function listTroubled(db: Db, limit: number): Promise<TroubledRun[]> {
  return db.query<TroubledRun>(
    `(select n.execution_id as execution, e.workflow, n.run, n.attempt, n.error->>'code' as state, null::int as crashes,
        n.ended_at as at
      from fermata.executions e join fermata.node_runs n on n.execution_id = e.id
      where e.ended_at is null and e.attention and n.status = 'error' and n.error->>'code' in ('interrupted', 'poison')
        and not exists (select from fermata.node_runs later
          where later.execution_id = n.execution_id and later.run = n.run and later.attempt > n.attempt)
      order by n.ended_at desc limit $1)
     union all
     (select q.execution_id, q.workflow, q.run, q.attempt, 'again', q.crashes, q.due_at from fermata.queue q
      where q.claimed_by is null and q.crashes > 0 and q.kind = 'run' and q.due_at < 'infinity' order by q.due_at limit $1)`,
    [limit],
  )
}
