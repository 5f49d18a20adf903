import type { Db } from '../store/db.ts'
import { removeEndedSessions } from './sign-in/sessions.ts'
import { removeExpiredLinks } from './sign-in/sign-in-links.ts'
import { removeOldAttempts } from './sign-in/throttle.ts'

/** Housekeeping, once an hour or so: nothing expired is honoured even without it. */
export async function removeExpired(db: Db): Promise<number> {
  const counts = [await removeEndedSessions(db), await removeExpiredLinks(db), await removeOldAttempts(db)]
  return counts.reduce((sum, count) => sum + count, 0)
}
