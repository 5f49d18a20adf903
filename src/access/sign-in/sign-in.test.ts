import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../tests/helpers/postgres.ts'
import type { Db } from '../../store/db.ts'
import { listAudit } from '../audit.ts'
import { callerOfSession, callerOfToken } from '../callers.ts'
import { removeExpired } from '../remove-expired.ts'
import { createUser, setDisabled, setPassword } from '../users.ts'
import { hashOf } from './opaque.ts'
import { hashPassword, isOutdated, verifyPassword } from './passwords.ts'
import { endSession, endSessionsOf, findSession, startSession } from './sessions.ts'
import { signInByPassword } from './sign-in-by-password.ts'
import { createSignInLink, redeemSignInLink } from './sign-in-links.ts'
import { createToken, findToken, listTokens, revokeToken } from './tokens.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await createTestDatabase()
  db = database.pool
})
afterAll(() => database?.drop())

let made = 0
const newUser = (password?: string) => {
  made += 1
  return createUser(db, { name: `user-${made}`, roles: ['operator'], ...(password ? { password } : {}) })
}
const linkExpired = { code: 'link-expired' }

describe('passwords', () => {
  it('are kept as argon2id with the parameters of today', async () => {
    const stored = await hashPassword('correct horse')
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(isOutdated(stored)).toBe(false)
    expect(isOutdated(stored.replace('t=2', 't=1'))).toBe(true)
    expect(await verifyPassword(stored, 'correct horse')).toBe(true)
    expect(await verifyPassword(stored, 'Correct horse')).toBe(false)
  })

  it('of nobody are never right', async () => {
    expect(await verifyPassword(null, 'correct horse')).toBe(false)
  })

  it('are the same however the keyboard composes them', async () => {
    expect(await verifyPassword(await hashPassword('caf\u00e9 noir'), 'cafe\u0301 noir')).toBe(true)
  })

  it('have a sensible length', async () => {
    await expect(hashPassword('short')).rejects.toMatchObject({ code: 'bad-request' })
    await expect(hashPassword('x'.repeat(1001))).rejects.toMatchObject({ code: 'bad-request' })
    expect(await verifyPassword(null, 'x'.repeat(1_000_000))).toBe(false)
  })
})

describe('sign-in by password', () => {
  it('answers alike for a wrong password, an unknown, a disabled and a passwordless user', async () => {
    const right = await newUser('correct horse')
    expect(await signInByPassword(db, { name: right.name.toUpperCase(), password: 'correct horse' })).toBe(
      right.id,
    )
    const off = await newUser('correct horse')
    await setDisabled(db, off.id, true)
    const refused = await Promise.all(
      [
        { name: right.name, password: 'wrong horse' },
        { name: 'nobody-at-all', password: 'correct horse' },
        { name: off.name, password: 'correct horse' },
        { name: (await newUser()).name, password: 'correct horse' },
      ].map((attempt) => signInByPassword(db, attempt).catch((error) => `${error.code} ${error.message}`)),
    )
    expect(new Set(refused)).toEqual(new Set(['wrong-password The user name or the password is wrong']))
  })

  it('is audited, without the password', async () => {
    const user = await newUser('correct horse')
    await signInByPassword(db, { name: user.name, password: 'correct horse', address: '192.0.2.1' })
    await signInByPassword(db, { name: user.name, password: 'wrong horse' }).catch(() => undefined)
    const entries = await listAudit(db, { object: `user:${user.name}` })
    expect(entries.map(({ action }) => action)).toEqual(['session.refuse', 'session.start'])
    expect(entries[1]).toMatchObject({ by: user.name, address: '192.0.2.1' })
    expect(JSON.stringify(entries)).not.toContain('horse')
  })

  it('renews a hash made with older parameters and keeps sessions alive', async () => {
    const user = await newUser('correct horse')
    const { hash } = await import('@node-rs/argon2')
    const old = await hash('correct horse', { memoryCost: 8192, timeCost: 1, parallelism: 1 })
    await db.run('update fermata.users set password_hash = $2 where id = $1', [user.id, old])
    const session = await startSession(db, user.id)
    await signInByPassword(db, { name: user.name, password: 'correct horse' })
    const [row] = await db.query<{ h: string }>(
      'select password_hash as h from fermata.users where id = $1',
      [user.id],
    )
    expect(isOutdated(row?.h ?? '')).toBe(false)
    expect(await findSession(db, session)).toBe(user.id)
  })
})

describe('sessions', () => {
  it('are stored as a hash and seen by their secret alone', async () => {
    const user = await newUser()
    const secret = await startSession(db, user.id, { address: '10.1.1.1', agent: 'x'.repeat(1000) })
    expect(secret).toMatch(/^[\w-]{43}$/)
    const rows = await db.query('select * from fermata.sessions where user_id = $1', [user.id])
    expect(rows).toMatchObject([{ secret_hash: hashOf(secret) }])
    expect(JSON.stringify(rows)).not.toContain(secret)
    expect(await callerOfSession(db, secret)).toMatchObject({
      name: user.name,
      via: 'session',
      roles: ['operator'],
    })
    expect(await findSession(db, `${secret}x`)).toBeUndefined()
    expect(await findSession(db, '')).toBeUndefined()
  })

  it.each([
    ['idle for 12 hours', "seen_at = now() - interval '12 hours 1 second'"],
    ['7 days old, however busy', "created_at = now() - interval '7 days 1 second'"],
  ])('end when %s', async (_, age) => {
    const secret = await startSession(db, (await newUser()).id)
    await db.run(`update fermata.sessions set ${age} where secret_hash = $1`, [hashOf(secret)])
    expect(await findSession(db, secret)).toBeUndefined()
  })

  it('are kept alive by use', async () => {
    const secret = await startSession(db, (await newUser()).id)
    const where = 'where secret_hash = $1'
    await db.run(`update fermata.sessions set seen_at = now() - interval '11 hours' ${where}`, [
      hashOf(secret),
    ])
    expect(await findSession(db, secret)).toBeDefined()
    const [row] = await db.query(
      `select seen_at > now() - interval '1 hour' as fresh from fermata.sessions ${where}`,
      [hashOf(secret)],
    )
    expect(row).toEqual({ fresh: true })
  })

  it('all end when the password changes or the user is disabled, and stay ended', async () => {
    const user = await newUser('correct horse')
    const first = await startSession(db, user.id)
    await setPassword(db, user.id, 'battery staple')
    expect(await findSession(db, first)).toBeUndefined()
    const second = await startSession(db, user.id)
    expect(await findSession(db, second)).toBe(user.id)
    await setDisabled(db, user.id, true)
    expect(await findSession(db, second)).toBeUndefined()
    await setDisabled(db, user.id, false)
    expect(await findSession(db, second)).toBeUndefined()
  })

  it('end one by one or all at once', async () => {
    const user = await newUser()
    const [a, b] = [await startSession(db, user.id), await startSession(db, user.id)]
    await endSession(db, a)
    expect(await findSession(db, a)).toBeUndefined()
    expect(await findSession(db, b)).toBe(user.id)
    expect(await endSessionsOf(db, user.id)).toBe(1)
    expect(await findSession(db, b)).toBeUndefined()
  })

  it('leave no rows behind for good', async () => {
    const user = await newUser()
    const dead = await startSession(db, user.id)
    await setPassword(db, user.id, 'battery staple')
    const live = await startSession(db, user.id)
    await removeExpired(db)
    const rows = await db.query<{ h: Buffer }>(
      'select secret_hash as h from fermata.sessions where user_id = $1',
      [user.id],
    )
    expect(rows.map(({ h }) => h)).toEqual([hashOf(live)])
    expect(await findSession(db, dead)).toBeUndefined()
  })
})

describe('sign-in links', () => {
  it('work once, also when two use one at the same moment', async () => {
    const user = await newUser()
    const secret = await createSignInLink(db, user.id)
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => redeemSignInLink(db, secret)))
    expect(results.filter((result) => result.status === 'fulfilled')).toEqual([
      { status: 'fulfilled', value: user.id },
    ])
    await expect(redeemSignInLink(db, secret)).rejects.toMatchObject(linkExpired)
  })

  it('end after ten minutes, with a newer link, with a new password, with their user', async () => {
    const user = await newUser()
    const late = await createSignInLink(db, user.id)
    await db.run("update fermata.sign_in_links set expires_at = expires_at - interval '10 minutes'")
    await expect(redeemSignInLink(db, late)).rejects.toMatchObject(linkExpired)
    const replaced = await createSignInLink(db, user.id)
    const newest = await createSignInLink(db, user.id)
    await expect(redeemSignInLink(db, replaced)).rejects.toMatchObject(linkExpired)
    await setPassword(db, user.id, 'battery staple')
    await expect(redeemSignInLink(db, newest)).rejects.toMatchObject(linkExpired)
    const disabled = await createSignInLink(db, user.id)
    await setDisabled(db, user.id, true)
    await expect(redeemSignInLink(db, disabled)).rejects.toMatchObject(linkExpired)
  })

  it('of the first start stay until they are used', async () => {
    const user = await newUser()
    const secret = await createSignInLink(db, user.id, 'until-used')
    await removeExpired(db)
    expect(await redeemSignInLink(db, secret)).toBe(user.id)
  })

  it('are stored as a hash', async () => {
    const secret = await createSignInLink(db, (await newUser()).id)
    const rows = await db.query('select secret_hash from fermata.sign_in_links')
    expect(rows).toContainEqual({ secret_hash: hashOf(secret) })
  })
})

describe('API tokens', () => {
  it('act for their owner within their scopes, and are stored as a hash', async () => {
    const user = await newUser()
    const token = await createToken(db, {
      userId: user.id,
      name: 'ci',
      scopes: ['execution.view', 'user.manage'],
    })
    expect(token.secret).toMatch(/^fmt_[\w-]{43}$/)
    const caller = await callerOfToken(db, token.secret)
    expect(caller).toMatchObject({ name: user.name, via: 'token' })
    expect([...(caller?.permissions ?? [])]).toEqual(['execution.view'])
    const stored = JSON.stringify(
      await db.query('select * from fermata.api_tokens where id = $1', [token.id]),
    )
    expect(stored).not.toContain(token.secret.slice(4))
    expect(await listTokens(db, user.id)).toMatchObject([{ name: 'ci', lastUsedAt: expect.any(Date) }])
  })

  it('are dead at once when revoked, and their name is free again', async () => {
    const user = await newUser()
    const token = await createToken(db, { userId: user.id, name: 'ci' })
    await expect(createToken(db, { userId: user.id, name: 'ci' })).rejects.toMatchObject({
      code: 'already-exists',
    })
    await revokeToken(db, user.id, token.id)
    expect(await findToken(db, token.secret)).toBeUndefined()
    expect(await listTokens(db, user.id)).toEqual([])
    await expect(createToken(db, { userId: user.id, name: 'ci' })).resolves.toMatchObject({ name: 'ci' })
  })

  it('of others cannot be revoked, and odd ids are not found', async () => {
    const token = await createToken(db, { userId: (await newUser()).id, name: 'ci' })
    const other = await newUser()
    for (const id of [token.id, '99999999999999999999999', 'x']) {
      await expect(revokeToken(db, other.id, id)).rejects.toMatchObject({ code: 'not-found' })
    }
    expect(await findToken(db, token.secret)).toBeDefined()
  })

  it('expire after 90 days by default, never if asked, and die with their owner', async () => {
    const user = await newUser()
    const usual = await createToken(db, { userId: user.id, name: 'usual' })
    const days = ((usual.expiresAt?.getTime() ?? 0) - usual.createdAt.getTime()) / 86_400_000
    expect(Math.round(days)).toBe(90)
    const forever = await createToken(db, { userId: user.id, name: 'forever', expiresInDays: null })
    expect(forever.expiresAt).toBeNull()
    await db.run('update fermata.api_tokens set expires_at = now() where id = $1', [usual.id])
    expect(await findToken(db, usual.secret)).toBeUndefined()
    expect(await findToken(db, forever.secret)).toBeDefined()
    await setDisabled(db, user.id, true)
    expect(await findToken(db, forever.secret)).toBeUndefined()
  })

  it('have scopes of the closed list', async () => {
    const token = { userId: (await newUser()).id, name: 'odd', scopes: ['everything'] }
    await expect(createToken(db, token)).rejects.toMatchObject({ code: 'bad-request' })
  })
})
