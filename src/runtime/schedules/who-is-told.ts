// To whom a notification goes, and which of them it may name the target to: they are told what the console shows them
// (docs/adr/0018).
import { loadCaller } from '../../access/callers.ts'
import { type Caller, mayOnWorkflow, rowPermissionsFor } from '../../access/permissions.ts'
import { mailsOf } from '../../access/users.ts'
import { visibleIds } from '../../objects/records.ts'
import type { Db } from '../../store/db.ts'
import type { FiringNews } from '../../store/firings.ts'
import { rowsOf } from '../wiring/row-permissions.ts'

export interface Told {
  /** Addresses that may be told of the target. */
  whole: string[]
  /** And those that may not. */
  withoutTarget: string[]
  /** The same of the webhook, which its owner has chosen as they chose the addresses. */
  ownerSeesTarget: boolean
}

export async function whoIsTold(db: Db, news: FiringNews): Promise<Told> {
  const { notify, ownerId, role } = news
  const { to = [], mail = [] } = notify
  const ownerSeesTarget = await seesTarget(db, news, await loadCaller(db, ownerId))
  const told = new Map(mail.map((address) => [address, ownerSeesTarget]))
  const people = await mailsOf(db, {
    ...(to.includes('owner') ? { user: ownerId } : {}),
    ...(to.includes('role') && role !== null ? { role } : {}),
  })
  for (const { user, mail: address } of people) {
    const caller = await loadCaller(db, user)
    // The owner is told in any case: perhaps that they may not run it any more.
    const isTold = user === ownerId || (caller && mayOnWorkflow(caller, news.workflow, 'view'))
    if (isTold) told.set(address, told.get(address) === true || (await seesTarget(db, news, caller)))
  }
  const those = (whole: boolean) => [...told].filter(([, sees]) => sees === whole).map(([address]) => address)
  return { whole: those(true), withoutTarget: those(false), ownerSeesTarget }
}

async function seesTarget(
  db: Db,
  { workflow, targetCollection: collection, targetId: id }: FiringNews,
  caller: Caller | undefined,
): Promise<boolean> {
  if (collection === null || id === null) return true
  if (!caller || !mayOnWorkflow(caller, workflow, 'view')) return false
  const rule = rowPermissionsFor(caller).get(collection) ?? 'all'
  if (rule === 'all') return true
  return (await visibleIds(db, { collection, ids: [id], permissions: rowsOf(caller) })).length > 0
}
