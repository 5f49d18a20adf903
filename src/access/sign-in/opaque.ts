// Secrets that mean nothing by themselves: random, shown once, stored as a hash.
import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits, 43 characters of base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** As stored: SHA-256. 256 random bits need no slow hash. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
