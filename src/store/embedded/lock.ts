// One server per data folder. The lock names its holder so that the second one can say who the first is.
import { randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { processBirth, processPlace } from './process-identity.ts'

export interface Holder {
  pid: number
  /** ISO time at which the lock was taken. */
  since: string
  /** Where the holder answers, e.g. `http://127.0.0.1:7070`; empty for one that does not listen. */
  address: string
}

interface Entry extends Holder {
  /** A process id alone may belong to somebody else by now. */
  birth: string
  /** Where the process id means anything: ids of another container or machine cannot be looked up here. */
  place: string
}

const beatEveryMs = 5_000
// Of a holder in another place, only its heartbeat (the time of the file) is seen.
const silentAfterMs = 20_000

export type Taken = { held: true; release(): Promise<void> } | { held: false; by: Holder }

/**
 * Takes the lock unless a living process has it. `folder` holds numbered files of which the highest counts: what a
 * dead process left is succeeded by the next number, never removed first, so that of many who find it one wins.
 */
export async function takeLock(folder: string, address: string): Promise<Taken> {
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const own = join(folder, `new-${randomUUID()}`)
  await writeFile(own, `${JSON.stringify(newEntry(address))}\n`, { mode: 0o644 })
  try {
    for (;;) {
      const top = await highest(folder)
      const by = await holderOf(folder, top)
      if (by) return { held: false, by }
      if (await succeed(folder, own, top + 1)) return held(folder, top + 1)
    }
  } finally {
    await rm(own, { force: true })
  }
}

/** Who holds the lock now, if anybody alive. */
export async function readLock(folder: string): Promise<Holder | undefined> {
  return holderOf(folder, await highest(folder))
}

function newEntry(address: string): Entry {
  const birth = processBirth(process.pid) ?? ''
  return { pid: process.pid, since: new Date().toISOString(), address, birth, place: processPlace() }
}

async function highest(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  return Math.max(0, ...names.filter((name) => /^\d+$/.test(name)).map(Number))
}

// A link appears whole or not at all, and never over another one. The number may have been given, succeeded and
// cleared away since we looked: then a higher one is there.
async function succeed(folder: string, own: string, number: number): Promise<boolean> {
  const path = join(folder, String(number))
  try {
    await link(own, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  const isHighest = (await highest(folder)) === number
  if (!isHighest) await rm(path, { force: true })
  return isHighest
}

async function held(folder: string, number: number): Promise<Taken> {
  for (const name of await readdir(folder)) {
    if (/^\d+$/.test(name) && Number(name) < number) await rm(join(folder, name), { force: true })
  }
  const path = join(folder, String(number))
  const beat = setInterval(
    () => void utimes(path, new Date(), new Date()).catch(() => undefined),
    beatEveryMs,
  )
  beat.unref()
  return {
    held: true,
    release() {
      clearInterval(beat)
      return release(folder, number)
    },
  }
}

// The number stays, so that numbers only ever rise.
async function release(folder: string, number: number): Promise<void> {
  const empty = join(folder, `new-${randomUUID()}`)
  await writeFile(empty, '{}\n', { mode: 0o644 })
  await rename(empty, join(folder, String(number)))
}

async function holderOf(folder: string, number: number): Promise<Holder | undefined> {
  if (number === 0) return undefined
  const path = join(folder, String(number))
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  const entry = parseEntry(text)
  if (!entry || !(await lives(entry, path))) return undefined
  return { pid: entry.pid, since: entry.since, address: entry.address }
}

async function lives(entry: Entry, path: string): Promise<boolean> {
  if (entry.place === processPlace()) return processBirth(entry.pid) === entry.birth
  const file = await stat(path).catch(() => undefined)
  return file !== undefined && Date.now() - file.mtimeMs < silentAfterMs
}

function parseEntry(text: string | undefined): Entry | undefined {
  try {
    const entry = JSON.parse(text ?? '{}') as Partial<Entry>
    return typeof entry.pid === 'number' ? (entry as Entry) : undefined
  } catch {
    return undefined
  }
}
