// Where the embedded database lives: in the data folder, or elsewhere when the user who runs it cannot get there.
import { createHash } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { access, chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '../../core/errors.ts'
import { chooseRunAs, isReachable, type RunAs } from './run-as.ts'

export interface Home {
  /** Holds `pg` (the data), the lock, the password and the log. */
  folder: string
  /** The user who runs PostgreSQL; undefined: we do. */
  runAs: RunAs | undefined
}

// Written into the data folder when the database is not in it.
const noteName = 'database.json'
const systemFolders = ['/var/lib/fermata', '/opt/fermata']

/** Finds, or on the first start chooses and makes, the home of the database of this data folder. */
export async function openHome(
  dataFolder: string,
  elsewhere: readonly string[] = systemFolders,
): Promise<Home> {
  const own = resolve(dataFolder)
  const noted = await notedHome(own)
  if (noted) {
    await refuseClosed(noted)
    return { folder: noted, runAs: chooseRunAs(join(noted, 'pg')) }
  }
  const runAs = chooseRunAs(join(own, 'pg'))
  await makeFolder(own, runAs)
  await refuseClosed(own)
  if (existsSync(join(own, 'pg')) || isEnterable(own, runAs)) return { folder: own, runAs }
  const folder = await makeElsewhere(own, elsewhere)
  await writeFile(join(own, noteName), `${JSON.stringify({ home: folder }, null, 2)}\n`)
  return { folder, runAs }
}

/** As `openHome`, for those who only look: makes nothing. */
export async function findHome(dataFolder: string): Promise<string> {
  return (await notedHome(resolve(dataFolder))) ?? resolve(dataFolder)
}

async function notedHome(own: string): Promise<string | undefined> {
  const text = await readFile(join(own, noteName), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw refusal(own, error)
  })
  return text === undefined ? undefined : (JSON.parse(text) as { home: string }).home
}

async function makeFolder(folder: string, runAs: RunAs | undefined): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: runAs ? 0o711 : 0o700 })
    // Ours to open by a crack: what is inside has modes of its own.
    const { mode } = await stat(folder)
    if (runAs && isEnterable(dirname(folder), runAs)) await chmod(folder, (mode & 0o777) | 0o011)
  } catch (error) {
    throw refusal(folder, error)
  }
}

async function refuseClosed(folder: string): Promise<void> {
  const { uid } = await stat(folder).catch((error: unknown) => {
    throw refusal(folder, error)
  })
  await access(folder, constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    const why = `it belongs to user ${uid}; start Fermata as that user or as root, or choose another folder with FERMATA_DATA`
    throw new AppError('config-invalid', `The data folder ${folder} cannot be used: ${why}`, { cause })
  })
}

function isEnterable(folder: string, runAs: RunAs | undefined): boolean {
  return isReachable(folder, runAs, 0o1)
}

async function makeElsewhere(own: string, candidates: readonly string[]): Promise<string> {
  const name = createHash('sha256').update(own).digest('hex').slice(0, 16)
  const refusals: unknown[] = []
  for (const parent of candidates) {
    const folder = join(parent, name)
    try {
      await mkdir(folder, { recursive: true, mode: 0o755 })
      return folder
    } catch (error) {
      refusals.push(error)
    }
  }
  throw refusal(candidates.join(', '), refusals[0])
}

function refusal(folder: string, cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new AppError('config-invalid', `The data folder ${folder} cannot be used: ${why}`, { cause })
}
