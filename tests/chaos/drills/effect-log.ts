// What effects did to the world: one line each, on the disk before the effect goes on, whoever is killed then.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'

export interface LedgerLine {
  execution: string
  run: string
  attempt: number
  /** The idempotency key. */
  key: string
  pid: number
}

export function appendToLedger(file: string, line: LedgerLine): void {
  const handle = openSync(file, 'a')
  writeSync(handle, `${JSON.stringify(line)}\n`)
  fsyncSync(handle)
  closeSync(handle)
}

/** Lines in the order they were written; of one execution when it is named. */
export function readLedger(file: string, execution?: string): LedgerLine[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as LedgerLine)
    .filter((line) => execution === undefined || line.execution === execution)
}

/** How often each key was used. */
export function countKeys(lines: readonly LedgerLine[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { key } of lines) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}
