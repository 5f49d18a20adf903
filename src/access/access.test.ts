import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import type { Db } from '../store/db.ts'
import { audit, listAudit } from './audit.ts'
import { loadCaller } from './callers.ts'
import { firstAdministrator } from './first-administrator.ts'
import { listGrants, removeGrant, removeGrantsOn, setGrant } from './grants.ts'
import {
  type Caller,
  grantOn,
  mayOnWorkflow,
  permissions,
  permissionsOf,
  rowPermissionsFor,
  visibleWorkflows,
  workflowsWith,
} from './permissions.ts'
import { changeRole, createRole, listRoles, removeRole } from './roles.ts'
import { listRowPermissions, setRowPermission } from './row-permissions.ts'
import { redeemSignInLink } from './sign-in/sign-in-links.ts'
import {
  createUser,
  findUserByName,
  listUsers,
  requireUser,
  setDisabled,
  setPassword,
  setRoles,
} from './users.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await createTestDatabase()
  db = database.pool
})
afterAll(() => database?.drop())

async function callerWith(name: string, roles: string[]): Promise<Caller> {
  const user = await createUser(db, { name, roles })
  return (await loadCaller(db, user.id)) as Caller
}

describe('the first administrator', () => {
  it('is made once, also by two processes at once, and comes in by link until there is a password', async () => {
    await db.run('delete from fermata.users')
    const [a, b] = await Promise.all([firstAdministrator(db), firstAdministrator(db)])
    expect([a.created, b.created].sort()).toEqual([false, true])
    const again = await firstAdministrator(db)
    expect(again).toMatchObject({ created: false, link: expect.stringMatching(/^[\w-]{43}$/) })
    const id = await redeemSignInLink(db, again.link ?? '')
    expect((await loadCaller(db, id))?.permissions).toEqual(new Set(permissions))
    await setPassword(db, id, 'correct horse')
    expect(await firstAdministrator(db)).toEqual({ created: false })
  })

  it('is not made beside another administrator', async () => {
    await db.run('delete from fermata.users')
    await createUser(db, { name: 'boss', roles: ['admin'] })
    expect(await firstAdministrator(db)).toEqual({ created: false })
    expect(await findUserByName(db, 'admin')).toBeUndefined()
  })
})

describe('users', () => {
  it('have a unique name and known roles', async () => {
    await createUser(db, { name: 'alice', displayName: 'Alice', roles: ['operator'], language: 'zh' })
    await expect(createUser(db, { name: 'alice' })).rejects.toMatchObject({ code: 'already-exists' })
    await expect(createUser(db, { name: 'Bad Name' })).rejects.toMatchObject({ code: 'bad-request' })
    await expect(createUser(db, { name: 'bob', roles: ['nobody'] })).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(await findUserByName(db, 'bob')).toBeUndefined()
    expect(await findUserByName(db, 'ALICE')).toMatchObject({
      displayName: 'Alice',
      hasPassword: false,
      disabled: false,
      language: 'zh',
      roles: ['operator'],
    })
  })

  it('never lose their last administrator, not even when two remove each other', async () => {
    for (let round = 0; round < 10; round += 1) {
      await db.run('delete from fermata.users')
      const [first, second] = [
        await createUser(db, { name: 'first-admin', roles: ['admin'] }),
        await createUser(db, { name: 'second-admin', roles: ['admin'] }),
      ]
      const results = await Promise.allSettled([setRoles(db, first.id, []), setRoles(db, second.id, [])])
      expect(results.filter(({ status }) => status === 'rejected')).toMatchObject([
        { reason: { code: 'conflict' } },
      ])
      const left = (await listUsers(db)).filter(({ roles }) => roles.includes('admin'))
      expect(left).toHaveLength(1)
      await expect(setDisabled(db, left[0]?.id ?? '', true)).rejects.toMatchObject({ code: 'conflict' })
    }
  })

  it('are no callers when disabled', async () => {
    const user = await createUser(db, { name: 'leaver', roles: ['designer'] })
    await setDisabled(db, user.id, true)
    expect(await loadCaller(db, user.id)).toBeUndefined()
    expect(await requireUser(db, user.id)).toMatchObject({ disabled: true })
  })
})

describe('roles', () => {
  it('are three built in, and own ones of listed permissions', async () => {
    const builtIn = (await listRoles(db)).filter((role) => role.builtIn)
    expect(builtIn.map(({ name }) => name)).toEqual(['admin', 'designer', 'operator'])
    await createRole(db, { name: 'auditor', title: 'Auditor', permissions: ['audit.view'] })
    await expect(createRole(db, { name: 'auditor' })).rejects.toMatchObject({ code: 'already-exists' })
    await expect(createRole(db, { name: 'x', permissions: ['root'] })).rejects.toMatchObject({
      code: 'bad-request',
      details: { pointer: '/permissions/0' },
    })
    const caller = await callerWith('ann', ['auditor'])
    expect(caller.permissions.has('audit.view')).toBe(true)
    expect(caller.permissions.has('user.manage')).toBe(false)
  })

  it('refuse changes to what is built in', async () => {
    await expect(removeRole(db, 'admin')).rejects.toMatchObject({ code: 'conflict' })
    await expect(changeRole(db, 'operator', { permissions: ['user.manage'] })).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  it('go away with their grants and from their users', async () => {
    await createRole(db, { name: 'short-lived' })
    await setGrant(db, { role: 'short-lived', workflow: 'one', grant: 'run' })
    const { user } = await callerWith('tmp', ['short-lived'])
    await removeRole(db, 'short-lived')
    expect(await listGrants(db, { role: 'short-lived' })).toEqual([])
    expect((await loadCaller(db, user))?.roles).toEqual([])
  })
})

describe('grants', () => {
  it('imply: manage run, run view', async () => {
    await createRole(db, { name: 'team' })
    await setGrant(db, { role: 'team', workflow: 'restart', grant: 'run' })
    await setGrant(db, { role: 'operator', workflow: 'restart', grant: 'view' })
    await setGrant(db, { role: 'operator', workflow: 'report', grant: 'view' })
    const caller = await callerWith('olga', ['team', 'operator'])
    expect(grantOn(caller, 'restart')).toBe('run')
    expect(mayOnWorkflow(caller, 'restart', 'view')).toBe(true)
    expect(mayOnWorkflow(caller, 'restart', 'manage')).toBe(false)
    expect(grantOn(caller, 'other')).toBeUndefined()
    expect(visibleWorkflows(caller)).toEqual(expect.arrayContaining(['report', 'restart']))
    expect(workflowsWith(caller, 'run')).toEqual(['restart'])
  })

  it('of a designer are all workflows until the star is taken away', async () => {
    const caller = await callerWith('dora', ['designer'])
    expect(visibleWorkflows(caller)).toBe('all')
    expect(mayOnWorkflow(caller, 'not-yet-there', 'manage')).toBe(true)
    expect(await removeGrant(db, 'designer', '*')).toBe(true)
    expect(visibleWorkflows((await loadCaller(db, caller.user)) as Caller)).toEqual([])
    await setGrant(db, { role: 'designer', workflow: '*', grant: 'manage' })
  })

  it('end with their workflow', async () => {
    await setGrant(db, { role: 'operator', workflow: 'gone', grant: 'run' })
    await removeGrantsOn(db, 'gone')
    expect(await listGrants(db, { workflow: 'gone' })).toEqual([])
  })

  it('are for known roles only', async () => {
    const grant = { role: 'ghost', workflow: '*', grant: 'run' } as const
    await expect(setGrant(db, grant)).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('permissions', () => {
  it('are cut down by the scopes of a token, never widened', () => {
    const scoped = permissionsOf(['operator'], [], ['execution.view', 'user.manage'])
    expect([...scoped]).toEqual(['execution.view'])
  })

  it('ignore names that are no longer in the list', () => {
    expect(permissionsOf([], ['made.up'])).toEqual(permissionsOf([], []))
  })
})

describe('row permissions', () => {
  it('of several roles: those that say anything count, the most generous wins', async () => {
    for (const name of ['north', 'south', 'blind']) await createRole(db, { name })
    await setRowPermission(db, { role: 'north', collection: 'host', rule: { filter: "zone = 'n'" } })
    await setRowPermission(db, { role: 'south', collection: 'host', rule: { filter: "zone = 's'" } })
    await setRowPermission(db, { role: 'blind', collection: 'host', rule: 'none' })
    await setRowPermission(db, { role: 'blind', collection: 'app', rule: 'none' })
    const caller = await callerWith('nina', ['north', 'south', 'blind', 'operator'])
    const rows = rowPermissionsFor(caller)
    expect(rows.get('host')).toEqual({ anyOf: ["zone = 'n'", "zone = 's'"] })
    expect(rows.get('app')).toBe('none')
    expect(rows.get('system')).toBeUndefined()
    await setRowPermission(db, { role: 'north', collection: 'host', rule: 'all' })
    expect((await loadCaller(db, caller.user))?.rows.get('host')).toBe('all')
    await setRowPermission(db, { role: 'north', collection: 'host', rule: null })
    expect(await listRowPermissions(db, 'north')).toEqual([])
  })

  it('do not bind administrators', async () => {
    const caller = await callerWith('root-and-blind', ['admin', 'blind'])
    expect(rowPermissionsFor(caller).size).toBe(0)
  })

  it('refuse filters that do not parse', async () => {
    for (const filter of ['', 'zone =', "zone = 'n') or (1=1"]) {
      const change = { role: 'operator', collection: 'host', rule: { filter } }
      await expect(setRowPermission(db, change)).rejects.toMatchObject({ code: 'invalid-path' })
    }
  })
})

describe('audit', () => {
  it('is listed newest first, by page', async () => {
    for (const n of [1, 2, 3]) {
      await audit(db, {
        by: 'alice',
        action: 'test.act',
        object: 'thing:1',
        details: { n },
        address: '10.0.0.1',
      })
    }
    const first = await listAudit(db, { object: 'thing:1', limit: 2 })
    expect(first.map(({ details }) => details)).toEqual([{ n: 3 }, { n: 2 }])
    const rest = await listAudit(db, { object: 'thing:1', before: first[1]?.id ?? '' })
    expect(rest.map(({ details }) => details)).toEqual([{ n: 1 }])
  })

  it('cannot be changed, shortened or emptied, even by the owner of the table', async () => {
    await audit(db, { by: 'alice', action: 'test.act', object: 'thing:2' })
    for (const statement of [
      "update fermata.audit set by = 'bob'",
      "delete from fermata.audit where object = 'thing:2'",
      'truncate fermata.audit',
    ]) {
      await expect(db.run(statement)).rejects.toThrow('append only')
    }
    expect(await listAudit(db, { object: 'thing:2' })).toHaveLength(1)
  })
})
