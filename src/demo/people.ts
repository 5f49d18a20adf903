// Who works in the demo world. Nobody has a password: an administrator makes sign-in links for them.
import { setGrant } from '../access/grants.ts'
import { createRole, listRoles } from '../access/roles.ts'
import { createUser, findUserByName, type NewUser } from '../access/users.ts'
import type { Principal } from '../runtime/engine.ts'
import type { Db } from '../store/db.ts'

export const approverRole = 'approver'

export const demoUsers: NewUser[] = [
  { name: 'li.wei', displayName: '李伟 Li Wei', language: 'zh', roles: ['operator'] },
  { name: 'anna.petrova', displayName: 'Анна Петрова', language: 'ru', roles: ['designer'] },
  { name: 'sam.reed', displayName: 'Sam Reed', language: 'en', roles: ['operator', approverRole] },
]

export async function makePeople(db: Db, workflows: readonly string[]): Promise<void> {
  const roles = await listRoles(db)
  if (!roles.some((role) => role.name === approverRole)) {
    await createRole(db, { name: approverRole, title: 'Approver' })
  }
  for (const user of demoUsers) if (!(await findUserByName(db, user.name))) await createUser(db, user)
  for (const workflow of workflows) {
    await setGrant(db, { role: 'operator', workflow, grant: 'run' })
    await setGrant(db, { role: approverRole, workflow, grant: 'view' })
  }
}

/** The person as the engine records who did something. */
export async function principalFor(db: Db, name: string): Promise<Principal> {
  const user = await findUserByName(db, name)
  return user ? { name, userId: user.id } : { name }
}
