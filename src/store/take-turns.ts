// Work that only one process of a database may do at a time.
import type { Db } from './db.ts'

/** Names are numbers to PostgreSQL: any will do, as long as every process uses the same. */
export const turns = { demoMade: 7_070_010, demoSeeded: 7_070_011, pruning: 7_070_012 } as const

/** Waits until nobody else does the same. Keep it short: others wait, and one connection is held. */
export async function inTurn<T>(db: Db, key: number, work: () => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [key])
    return work()
  })
}

/** Does nothing when another process is at it. */
export async function unlessTaken(db: Db, key: number, work: () => Promise<void>): Promise<void> {
  await db.transaction(async (tx) => {
    const [row] = await tx.query<{ taken: boolean }>('select pg_try_advisory_xact_lock($1) as taken', [key])
    if (row?.taken) await work()
  })
}
