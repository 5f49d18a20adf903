// Slows down guessing, in the database so that all processes share the count. Never a lock for good.
import { isIPv6 } from 'node:net'
import { AppError } from '../../core/errors.ts'
import type { Db } from '../../store/db.ts'

/** Wrong passwords that cost nothing. Many people may share an address. */
const free = { account: 5, address: 20 }
const longestSeconds = 900
/** After so long without a wrong password the count begins anew. */
const memory = "interval '1 hour'"

export interface Attempt {
  account: string
  address?: string
}

// An attempt counts as wrong from its beginning: a hundred at once must not slip through together.
const count = `
  insert into fermata.sign_in_attempts as a (key, failures, free)
  select key, 1, free from unnest($1::text[], $2::integer[]) as k (key, free)
  on conflict (key) do update set
    failures = case when a.last_at < now() - ${memory} then 1 else a.failures + 1 end,
    last_at = now(),
    blocked_until = case when a.last_at < now() - ${memory} or a.failures < excluded.free then '-infinity'
      else now() + interval '1 second' * least(2 ^ least(a.failures + 1 - excluded.free, 20), $3::integer) end
  where a.blocked_until <= now()
  returning a.key`

/** Counts the attempt before its password is looked at. Throws `too-many-requests` while it is too early. */
export async function beginAttempt(db: Db, attempt: Attempt): Promise<void> {
  const keys = keysOf(attempt)
  const limits = keys.map((key) => (key.startsWith('account:') ? free.account : free.address))
  const counted = await db.run(count, [keys, limits, longestSeconds])
  if (counted === keys.length) return
  const [row] = await db.query<{ seconds: number }>(
    `select greatest(1, ceil(extract(epoch from max(blocked_until) - now())))::integer as seconds
     from fermata.sign_in_attempts where key = any($1) and blocked_until > now()`,
    [keys],
  )
  const seconds = row?.seconds ?? 1
  throw new AppError('too-many-requests', `Try again in ${seconds} s`, {
    retryAfterSeconds: seconds,
    why: { key: 'wait-seconds', seconds },
  })
}

/** The password was right: the account starts anew, the address gets this one attempt back. */
export async function forgiveAttempt(db: Db, attempt: Attempt): Promise<void> {
  const [account, address] = keysOf(attempt).sort()
  await db.run('delete from fermata.sign_in_attempts where key = $1', [account])
  await db.run(
    `update fermata.sign_in_attempts set failures = greatest(failures - 1, 0), blocked_until = '-infinity'
     where key = $1`,
    [address ?? null],
  )
}

export async function removeOldAttempts(db: Db): Promise<number> {
  return db.run("delete from fermata.sign_in_attempts where last_at < now() - interval '1 day'")
}

// Always in the same order: two attempts must not lock each other's rows crosswise.
function keysOf({ account, address }: Attempt): string[] {
  const keys = [`account:${account.toLowerCase().slice(0, 100)}`]
  return address === undefined ? keys : [...keys, `address:${network(address)}`]
}

/** One customer has a whole /64 of IPv6. */
function network(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address
  const [head = '', tail] = address.split('::')
  const left = head.split(':').filter(Boolean)
  const right = (tail ?? '').split(':').filter(Boolean)
  const groups = [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
  return `${groups.slice(0, 4).join(':')}::/64`
}
