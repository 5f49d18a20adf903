import { audit } from '../../access/audit.ts'
import { listGrants, removeGrant, setGrant } from '../../access/grants.ts'
import type { Caller } from '../../access/permissions.ts'
import { createRole, listRoles, requireRole } from '../../access/roles.ts'
import {
  changeUser,
  createUser,
  findUserByName,
  listUsers,
  requireUser,
  setDisabled,
  setPassword,
  setRoles,
  type User,
} from '../../access/users.ts'
import { AppError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Db } from '../../store/db.ts'
import * as contract from '../contract/users.ts'
import { type BoundRoute, type Call, handle } from '../handler.ts'
import { iso, present } from '../views/present.ts'

export function userRoutes({ db }: { db: Db }): BoundRoute[] {
  return [
    handle(contract.listUsers, async () => ({ items: (await listUsers(db)).map(userView) })),
    handle(contract.createUser, ({ body, caller }) =>
      db.transaction(async (tx) => {
        const user = await createUser(tx, body)
        await note(tx, caller, {
          action: 'user.create',
          object: `user:${user.name}`,
          details: { roles: body.roles },
        })
        return userView(user)
      }),
    ),
    handle(contract.changeUser, (call) => change(db, call)),
    ...roleRoutes(db),
  ]
}

function roleRoutes(db: Db): BoundRoute[] {
  return [
    handle(contract.listRoles, async () => {
      const [roles, grants] = await Promise.all([listRoles(db), listGrants(db)])
      return { items: roles.map(({ name, title }) => ({ name, title, grants: ofRole(grants, name) })) }
    }),
    handle(contract.createRole, ({ body, caller }) =>
      db.transaction(async (tx) => {
        const { name, title } = await createRole(tx, body)
        await note(tx, caller, { action: 'role.create', object: `role:${name}` })
        return { name, title, grants: [] }
      }),
    ),
    handle(contract.grantRole, ({ params, body, caller }) =>
      db.transaction(async (tx) => {
        await setGrant(tx, { role: params.name, ...body })
        await note(tx, caller, { action: 'role.grant', object: `role:${params.name}`, details: body })
        return roleView(tx, params.name)
      }),
    ),
    handle(contract.revokeRole, ({ params, caller }) =>
      db.transaction(async (tx) => {
        const { name, workflow } = params
        if (!(await removeGrant(tx, name, workflow)))
          throw new AppError('not-found', 'There is no such grant')
        await note(tx, caller, { action: 'role.revoke', object: `role:${name}`, details: { workflow } })
        return {}
      }),
    ),
  ]
}

async function change(db: Db, { params, body, caller }: Call<typeof contract.changeUser>) {
  const { password, roles, disabled, mail } = body
  const known = await findUserByName(db, params.name)
  if (!known) throw new AppError('not-found', `There is no user ${params.name}`)
  return db.transaction(async (tx) => {
    if (roles) await setRoles(tx, known.id, roles)
    if (password !== undefined) await setPassword(tx, known.id, password)
    if (mail !== undefined) await changeUser(tx, known.id, { mail })
    if (disabled !== undefined) await setDisabled(tx, known.id, disabled)
    const details = { fields: Object.keys(body), ...(roles ? { roles } : {}) }
    await note(tx, caller, { action: 'user.change', object: `user:${known.name}`, details })
    return userView(await requireUser(tx, known.id))
  })
}

async function roleView(db: Db, name: string): Promise<contract.Role> {
  const { title } = await requireRole(db, name)
  return { name, title, grants: ofRole(await listGrants(db, { role: name }), name) }
}

const ofRole = (grants: Awaited<ReturnType<typeof listGrants>>, role: string) =>
  grants.filter((row) => row.role === role).map(({ workflow, grant }) => ({ workflow, grant }))

const note = (db: Db, caller: Caller, entry: { action: string; object: string; details?: JsonObject }) =>
  audit(db, { by: caller.name, ...entry })

function userView({ name, displayName, roles, disabled, mail, createdAt }: User): contract.User {
  return present({ name, displayName, roles, disabled, mail, createdAt: iso(createdAt) })
}
