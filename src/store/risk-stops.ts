// What a person confirmed when a node run was stopped for its risks: the attempt that was stopped is kept for ever.
import type { Json, JsonObject } from '../core/json.ts'
import type { Db } from './db.ts'

export interface StoredStop {
  /** The resolved config that was shown: the text itself, so that it can be compared. */
  input: string | null
  now?: Json
  plan?: Json
  edit?: JsonObject
}

export async function findRiskStop(
  db: Db,
  at: { execution: string; run: string; attempt: number },
): Promise<StoredStop | undefined> {
  const [row] = await db.query<{ input: string | null; wait: Omit<StoredStop, 'input'> | null }>(
    `select input::text as input, wait from fermata.node_runs
     where execution_id = $1 and run = $2 and attempt = $3 and status = 'risky'`,
    [at.execution, at.run, at.attempt],
  )
  return row && { ...row.wait, input: row.input }
}
