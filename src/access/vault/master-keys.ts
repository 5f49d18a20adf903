// The keys that everything secret hangs on: a file of its own, never in the database.
import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { chmod, link, mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../core/errors.ts'

export interface MasterKey {
  /** The first four bytes of its hash: says which key sealed something. */
  id: Buffer
  bytes: Buffer
}

export interface MasterKeySource {
  /** `FERMATA_DATA`; holds `secret.key`. */
  folder: string
  /** `FERMATA_SECRET_KEY`; wins over the file. */
  key?: string
}

const keyBytes = 32

/**
 * Keys of 32 bytes in base64 or hex, separated by commas or white space: the first seals, all of them open.
 * Without any a file is made at the first start. Throws `config-invalid`.
 */
export async function readMasterKeys({ folder, key }: MasterKeySource): Promise<MasterKey[]> {
  if (key !== undefined) return parseMasterKeys(key, 'FERMATA_SECRET_KEY')
  const path = join(folder, 'secret.key')
  const text = (await readIfThere(path)) ?? (await makeKeyFile(folder, path))
  return parseMasterKeys(text, path)
}

export function parseMasterKeys(text: string, from: string): MasterKey[] {
  const keys = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((part) => parseKey(part, from))
  if (keys.length === 0) throw new AppError('config-invalid', `${from} holds no key`)
  return keys
}

function parseKey(text: string, from: string): MasterKey {
  const raw = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64')
  if (raw.length !== keyBytes || raw.every((byte) => byte === raw[0])) {
    throw new AppError('config-invalid', `${from} must hold 32 random bytes in base64 or hex`)
  }
  const bytes = Buffer.from(hkdfSync('sha256', raw, Buffer.alloc(0), 'fermata vault', keyBytes))
  return { id: createHash('sha256').update(bytes).digest().subarray(0, 4), bytes }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new AppError('config-invalid', `${path} can be read by others; run: chmod 600 ${path}`)
    }
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function makeKeyFile(folder: string, path: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  await chmod(draft, 0o600)
  try {
    // Whole or not at all, and never over the key of a process that was faster.
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(draft)
  }
  return readFile(path, 'utf8')
}
