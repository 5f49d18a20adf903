// What the engine needs of a task; lists for people are in `tasks-read.ts`.
import type { Db } from './db.ts'

export interface TaskKey {
  execution: string
  run: string
  attempt: number
  kind: 'manual' | 'approval' | 'choice'
  status: 'open' | 'done' | 'canceled'
}

export async function findTaskKey(db: Db, id: string): Promise<TaskKey | undefined> {
  if (!/^[0-9]{1,18}$/.test(id)) return undefined
  const [row] = await db.query<TaskKey>(
    'select execution_id as execution, run, attempt, kind, status from fermata.tasks where id = $1',
    [id],
  )
  return row
}
