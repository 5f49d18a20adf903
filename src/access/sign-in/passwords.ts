import { randomBytes } from 'node:crypto'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import { AppError } from '../../core/errors.ts'

// argon2id is the library's default algorithm. OWASP's first choice of parameters.
const cost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 }
/** Each hash holds 19 MiB: a flood of sign-ins must not become a flood of memory. */
const atOnce = 2
const mayWait = 64

export const passwordLength = { min: 8, max: 1000 }

let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) {
    if (waiting.length >= mayWait) throw new AppError('too-many-requests', 'Too many sign-ins at once')
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else {
    running += 1
  }
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    // The slot passes on; only without a successor is it given back.
    if (next) next()
    else running -= 1
  }
}

/** PHC string. Throws `bad-request` for a password that is too short or too long. */
export async function hashPassword(password: string): Promise<string> {
  const { min, max } = passwordLength
  if (password.length < min || password.length > max) {
    throw new AppError('bad-request', `A password has ${min} to ${max} characters`, { pointer: '/password' })
  }
  return inTurn(() => hash(normal(password), cost))
}

let dummy: Promise<string> | undefined

/** Without a stored hash the same work is done, so that time does not tell which users exist. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  if (password.length > passwordLength.max) return false
  dummy ??= hash(randomBytes(32), cost)
  const against = stored ?? (await dummy)
  const fits = await inTurn(() => verify(against, normal(password)))
  return fits && stored !== null
}

/** True for a hash made with other parameters than today's. */
export function isOutdated(stored: string): boolean {
  const { memoryCost, timeCost, parallelism } = parseOptions(stored)
  return memoryCost !== cost.memoryCost || timeCost !== cost.timeCost || parallelism !== cost.parallelism
}

// Keyboards differ in how they compose é; people do not.
function normal(password: string): string {
  return password.normalize('NFKC')
}
