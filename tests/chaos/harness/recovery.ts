// How long it took until what a killed process had held was in other hands.
import type { Pool } from '../../../src/store/db.ts'
import type { Kill } from './fleet.ts'

export async function worstRecoveryMs(pool: Pool, kills: readonly Kill[]): Promise<number> {
  const rows = await pool.query<{ pid: number; at: Date }>(
    `select m.pid, max(l.at) as at from public.leases l
     join (select distinct id, pid from public.members) m on m.id = l.was_claimed_by
     where l.op = 'update' and l.claimed_by is null and l.crashes > 0 group by m.id, m.pid`,
  )
  const released = new Map(rows.map(({ pid, at }) => [pid, at.getTime()]))
  const waits = kills.map(({ pid, at }) => (released.get(pid) ?? at) - at)
  return Math.round(Math.max(0, ...waits))
}
