import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../tests/helpers/postgres.ts'
import type { Db } from '../../store/db.ts'
import { createUser } from '../users.ts'
import { signInByPassword } from './sign-in-by-password.ts'
import { type Attempt, beginAttempt, forgiveAttempt } from './throttle.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await createTestDatabase()
  db = database.pool
})
afterAll(() => database?.drop())

/** Whether each attempt was let through. */
async function attempts(list: Attempt[]): Promise<boolean[]> {
  const answers: boolean[] = []
  for (const attempt of list) answers.push(await isLetThrough(attempt))
  return answers
}
const isLetThrough = (attempt: Attempt) =>
  beginAttempt(db, attempt).then(
    () => true,
    (error) => {
      expect(error).toMatchObject({ code: 'too-many-requests', status: 429 })
      expect(error.details.retryAfterSeconds).toBeGreaterThan(0)
      return false
    },
  )
const passTime = (key: string, interval: string) =>
  db.run(
    `update fermata.sign_in_attempts set last_at = last_at - $2::interval,
     blocked_until = blocked_until - $2::interval where key = $1`,
    [key, interval],
  )
const delayOf = async (key: string) => {
  const [row] = await db.query<{ seconds: number }>(
    `select extract(epoch from blocked_until - last_at)::integer as seconds
     from fermata.sign_in_attempts where key = $1`,
    [key],
  )
  return row?.seconds
}

describe('throttle', () => {
  it('slows down guessing at one account, from wherever it comes', async () => {
    const guesses = Array.from({ length: 10 }, (_, i) => ({ account: 'victim', address: `198.51.100.${i}` }))
    expect((await attempts(guesses)).filter(Boolean)).toHaveLength(6)
    expect(await isLetThrough({ account: 'VICTIM', address: '203.0.113.1' })).toBe(false)
    expect(await isLetThrough({ account: 'somebody-else', address: '203.0.113.1' })).toBe(true)
  })

  it('grows: two seconds, four, eight … a quarter of an hour and no more', async () => {
    const attempt = { account: 'patient' }
    await attempts(Array(6).fill(attempt))
    const delays = [await delayOf('account:patient')]
    for (let i = 0; i < 10; i += 1) {
      await passTime('account:patient', '16 minutes')
      expect(await isLetThrough(attempt)).toBe(true)
      delays.push(await delayOf('account:patient'))
    }
    expect(delays).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
  })

  it('forgets after a quiet hour', async () => {
    await attempts(Array(6).fill({ account: 'forgotten' }))
    await passTime('account:forgotten', '61 minutes')
    expect(await attempts(Array(5).fill({ account: 'forgotten' }))).toEqual(Array(5).fill(true))
  })

  it('slows down one address that goes through many accounts, a /64 of IPv6 as one', async () => {
    const v4 = Array.from({ length: 30 }, (_, i) => ({ account: `a${i}`, address: '192.0.2.9' }))
    expect((await attempts(v4)).filter(Boolean)).toHaveLength(21)
    const v6 = Array.from({ length: 30 }, (_, i) => ({ account: `b${i}`, address: `2001:db8:1:2::${i + 1}` }))
    expect((await attempts(v6)).filter(Boolean)).toHaveLength(21)
    expect(await isLetThrough({ account: 'c', address: '2001:db8:1:3::1' })).toBe(true)
  })

  it('does not let a crowd through that comes at the same moment', async () => {
    const crowd = Array.from({ length: 40 }, () =>
      isLetThrough({ account: 'crowded', address: '192.0.2.77' }),
    )
    expect((await Promise.all(crowd)).filter(Boolean)).toHaveLength(6)
  })

  it('gives a right password its attempt back, but an attacker with an account gains nothing', async () => {
    const address = '192.0.2.50'
    for (let i = 0; i < 20; i += 1) {
      await beginAttempt(db, { account: `guessed-${i}`, address })
      await beginAttempt(db, { account: 'mine', address })
      await forgiveAttempt(db, { account: 'mine', address })
    }
    expect(await isLetThrough({ account: 'guessed-last', address })).toBe(true)
    expect(await isLetThrough({ account: 'guessed-more', address })).toBe(false)
  })

  it('refuses even the right password while it is too early, and takes it afterwards', async () => {
    const user = await createUser(db, { name: 'throttled', password: 'correct horse' })
    for (let i = 0; i < 6; i += 1) {
      await signInByPassword(db, { name: 'throttled', password: 'wrong horse' }).catch(() => undefined)
    }
    const right = () => signInByPassword(db, { name: 'throttled', password: 'correct horse' })
    await expect(right()).rejects.toMatchObject({ code: 'too-many-requests' })
    await passTime('account:throttled', '15 minutes')
    expect(await right()).toBe(user.id)
    expect(await right()).toBe(user.id)
  })
})
