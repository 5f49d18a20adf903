// Who else is connected: the embedded database ends with the process that holds it, and with it their work.
import { setTimeout as pause } from 'node:timers/promises'
import type { Db } from './db.ts'

/** As it stands in `pg_stat_activity`; differs between processes. */
export const applicationName = `fermata ${process.pid}`

/** Resolves when no other Fermata process is connected to this database, or when the time is over. */
export async function waitForOthers(db: Db, ms: number): Promise<void> {
  const giveUpAt = Date.now() + ms
  while ((await countOthers(db)) > 0 && Date.now() < giveUpAt) await pause(100)
}

async function countOthers(db: Db): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where datname = current_database() and application_name like 'fermata %' and application_name <> $1`,
    [applicationName],
  )
  return row?.count ?? 0
}
