// To whom a notification goes, in which language, and whether it may name the target: they are told what the console
// shows them (docs/adr/0018).
import { loadCaller } from '../../access/callers.ts'
import { type Caller, mayOnWorkflow, rowPermissionsFor } from '../../access/permissions.ts'
import { type Language, mailsOf } from '../../access/users.ts'
import { visibleIds } from '../../objects/records.ts'
import type { Db } from '../../store/db.ts'
import type { FiringNews } from '../../store/firings.ts'
import { rowsOf } from '../wiring/row-permissions.ts'

/** Addresses that get the same letter. */
export interface Told {
  addresses: string[]
  language: Language
  namesTarget: boolean
}

export interface Audience {
  mails: Told[]
  /** Of the webhook, which the owner has chosen as they chose the other addresses. */
  ownerSeesTarget: boolean
}

export async function whoIsTold(db: Db, news: FiringNews): Promise<Audience> {
  const { notify, ownerId, role } = news
  const { to = [], mail = [] } = notify
  const owner = await loadCaller(db, ownerId)
  const ownerSeesTarget = await seesTarget(db, news, owner)
  const told = new Map(mail.map((address) => [address, letterFor(owner, ownerSeesTarget)]))
  const people = await mailsOf(db, {
    ...(to.includes('owner') ? { user: ownerId } : {}),
    ...(to.includes('role') && role !== null ? { role } : {}),
  })
  for (const { user, mail: address } of people) {
    const caller = await loadCaller(db, user)
    // The owner is told in any case: perhaps that they may not run it any more.
    const isTold = user === ownerId || (caller && mayOnWorkflow(caller, news.workflow, 'view'))
    if (isTold) told.set(address, letterFor(caller, await seesTarget(db, news, caller)))
  }
  const groups = Map.groupBy(told, ([, letter]) => `${letter.language} ${letter.namesTarget}`)
  const mails = [...groups.values()].flatMap((group) => {
    const [first] = group
    return first ? [{ ...first[1], addresses: group.map(([address]) => address) }] : []
  })
  return { mails, ownerSeesTarget }
}

const letterFor = (caller: Caller | undefined, namesTarget: boolean): Omit<Told, 'addresses'> => ({
  language: caller?.language ?? 'en',
  namesTarget,
})

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
