// One server per data folder. The lock names its holder so that the second one can say who the first is.
import { randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { processBirth } from './process-identity.ts'

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
}

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
  return { pid: process.pid, since: new Date().toISOString(), address, birth }
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
  return { held: true, release: () => release(folder, number) }
}

// The number stays, so that numbers only ever rise.
async function release(folder: string, number: number): Promise<void> {
  const empty = join(folder, `new-${randomUUID()}`)
  await writeFile(empty, '{}\n', { mode: 0o644 })
  await rename(empty, join(folder, String(number)))
}

async function holderOf(folder: string, number: number): Promise<Holder | undefined> {
  if (number === 0) return undefined
  const text = await readFile(join(folder, String(number)), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  const entry = parseEntry(text)
  if (!entry || processBirth(entry.pid) !== entry.birth) return undefined
  return { pid: entry.pid, since: entry.since, address: entry.address }
}

function parseEntry(text: string | undefined): Entry | undefined {
  try {
    const entry = JSON.parse(text ?? '{}') as Partial<Entry>
    return typeof entry.pid === 'number' ? (entry as Entry) : undefined
  } catch {
    return undefined
  }
}
