// Envelope encryption: each value has a key of its own, wrapped by a master key. AES-256-GCM both times.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { AppError } from '../../core/errors.ts'
import type { Db } from '../../store/db.ts'
import { type MasterKey, type MasterKeySource, readMasterKeys } from './master-keys.ts'

export interface Vault {
  /** `place` names the row and field, e.g. `secrets/smtp`: what is moved elsewhere does not open there. */
  seal(place: string, text: string): Buffer
  /** Throws `internal` when the value was changed, moved, or sealed by a key that is not here. */
  open(place: string, sealed: Uint8Array): string
}

// format (1) | key id (4) | nonce, wrapped key, tag (12 + 32 + 16) | nonce, text, tag (12 + n + 16)
const format = 1
const headBytes = 5
const nonceBytes = 12
const tagBytes = 16
const wrappedBytes = nonceBytes + 32 + tagBytes

/** Reads or makes the master key and proves that it is the one this database was written with. */
export async function openVault(db: Db, source: MasterKeySource): Promise<Vault> {
  const vault = createVault(await readMasterKeys(source))
  await checkCanary(db, vault)
  return vault
}

/** The first key seals, all of them open. */
export function createVault(keys: readonly MasterKey[]): Vault {
  const [current] = keys
  if (!current) throw new AppError('config-invalid', 'A vault needs a key')
  return {
    seal(place, text) {
      const head = Buffer.concat([Buffer.of(format), current.id])
      const dataKey = randomBytes(32)
      const wrapped = encrypt(current.bytes, dataKey, bound(head, place, 'key'))
      return Buffer.concat([head, wrapped, encrypt(dataKey, Buffer.from(text), bound(head, place, 'text'))])
    },
    open(place, bytes) {
      const sealed = Buffer.from(bytes)
      const head = sealed.subarray(0, headBytes)
      const key = keys.find(({ id }) => id.equals(head.subarray(1)))
      if (head[0] !== format || !key) throw unreadable(place)
      try {
        const body = sealed.subarray(headBytes)
        const dataKey = decrypt(key.bytes, body.subarray(0, wrappedBytes), bound(head, place, 'key'))
        return decrypt(dataKey, body.subarray(wrappedBytes), bound(head, place, 'text')).toString('utf8')
      } catch (cause) {
        throw unreadable(place, cause)
      }
    },
  }
}

async function checkCanary(db: Db, vault: Vault): Promise<void> {
  await db.run('insert into fermata.vault_canary (sealed) values ($1) on conflict do nothing', [
    vault.seal('vault_canary', 'fermata'),
  ])
  const [row] = await db.query<{ sealed: Buffer }>('select sealed from fermata.vault_canary')
  try {
    vault.open('vault_canary', row?.sealed ?? Buffer.alloc(0))
  } catch (cause) {
    throw new AppError(
      'config-invalid',
      'The secret key is not the one this database was written with; bring back secret.key or FERMATA_SECRET_KEY',
      { cause },
    )
  }
}

function encrypt(key: Buffer, plain: Buffer, aad: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Buffer, sealed: Buffer, aad: Buffer): Buffer {
  const end = sealed.length - tagBytes
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(aad).setAuthTag(sealed.subarray(end))
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, end)), decipher.final()])
}

function bound(head: Buffer, place: string, part: 'key' | 'text'): Buffer {
  return Buffer.concat([head, Buffer.from(`${part}\0${place}`)])
}

function unreadable(place: string, cause?: unknown): AppError {
  return new AppError('internal', `The stored secret ${place} cannot be opened`, { cause })
}
