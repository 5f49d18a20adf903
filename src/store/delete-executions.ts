// Takes executions away with everything that belongs to them. A large one leaves its rows behind at first, by name, so
// that no transaction is long: gone is gone at once, and what is left is cleared piece by piece, whoever is killed.
import type { Db } from './db.ts'

/** Tables with rows of an execution, by `execution_id`. */
export const ownedTables = [
  'queue',
  'locks',
  'tasks',
  'acts',
  'bindings',
  'blobs',
  'run_logs',
  'node_runs',
  'run_packs',
] as const

/** Rows from which on an execution is cleared piece by piece. */
export const largeExecution = 5000

export interface Doomed {
  id: string
  /** About how many rows belong to it. */
  rows: number
}

/** Deletes those that have ended, and answers how many; others, and those somebody is writing to, are left alone. */
export async function deleteExecutions(db: Db, doomed: readonly Doomed[]): Promise<number> {
  return db.transaction(async (tx) => {
    const found = await tx.query<{ id: string }>(
      `select id from fermata.executions
       where id = any($1::bigint[]) and status not in ('queued', 'running', 'paused') for update skip locked`,
      [doomed.map(({ id }) => id)],
    )
    const ids = found.map(({ id }) => id)
    const large = new Set(doomed.filter(({ rows }) => rows >= largeExecution).map(({ id }) => id))
    await deleteRows(
      tx,
      ids.filter((id) => !large.has(id)),
    )
    await tx.run('insert into fermata.leftovers select unnest($1::bigint[]) on conflict do nothing', [
      ids.filter((id) => large.has(id)),
    ])
    return tx.run('delete from fermata.executions where id = any($1::bigint[])', [ids])
  })
}

async function deleteRows(tx: Db, ids: readonly string[]): Promise<void> {
  for (const table of ownedTables)
    await tx.run(`delete from fermata.${table} where execution_id = any($1::bigint[])`, [ids])
}

/** Clears up to `limit` rows that a large execution left behind. Answers how many; 0: none are left. */
export async function clearLeftovers(db: Db, limit: number): Promise<number> {
  const [row] = await db.query<{ id: string }>('select execution_id as id from fermata.leftovers limit 1')
  if (!row) return 0
  for (const table of ownedTables) {
    const cleared = await db.run(
      `delete from fermata.${table} where ctid = any(array(
         select ctid from fermata.${table} where execution_id = $1 limit $2))`,
      [row.id, limit],
    )
    if (cleared > 0) return cleared
  }
  await db.run('delete from fermata.leftovers where execution_id = $1', [row.id])
  return 1
}

/** Deletes workflows with their versions, schedules and everything that was run of them, whatever its state. */
export async function deleteWorkflows(db: Db, workflows: readonly string[]): Promise<void> {
  await db.transaction(async (tx) => {
    const rows = await tx.query<{ id: string }>(
      'select id from fermata.executions where workflow = any($1) for update',
      [workflows],
    )
    const ids = rows.map((row) => row.id)
    await deleteRows(tx, ids)
    await tx.run('delete from fermata.executions where id = any($1::bigint[])', [ids])
    await tx.run('delete from fermata.schedules where workflow = any($1)', [workflows])
    await tx.run('delete from fermata.workflows where key = any($1)', [workflows])
  })
}
