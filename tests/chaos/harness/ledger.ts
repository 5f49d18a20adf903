// What effects did to the world: one line each, on the disk before the effect goes on, whoever is killed then.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface LedgerLine {
  /** When the call arrived, ms since 1970. */
  t: number
  execution: string
  run: string
  attempt: number
  /** The idempotency key. */
  key: string
  pid: number
  bodyHash: number
}

export interface LedgerCall extends Omit<LedgerLine, 't'> {
  /** How the world answers this call: late, with a failure of this kind, or never. */
  behave: { ms?: number; fail?: string; hang?: boolean }
}

export interface Ledger {
  url: string
  /** Lines in the order they were written. */
  read(): LedgerLine[]
  close(): Promise<void>
}

/** Starts the ledger's process. */
export async function openLedger(folder: string): Promise<Ledger> {
  const file = join(folder, 'ledger.jsonl')
  const child = fork(join(import.meta.dirname, 'ledger-child.ts'), [file], { execArgv: [] })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    url: `http://127.0.0.1:${port}/`,
    read: () => readLedger(file),
    async close() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

function readLedger(file: string): LedgerLine[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((text) => text !== '').map((text) => JSON.parse(text) as LedgerLine)
}

/** Lines grouped by whatever they have in common. */
export function groupLines(
  lines: readonly LedgerLine[],
  keyOf: (line: LedgerLine) => string,
): Map<string, LedgerLine[]> {
  const groups = new Map<string, LedgerLine[]>()
  for (const line of lines) {
    const key = keyOf(line)
    const group = groups.get(key)
    if (group) group.push(line)
    else groups.set(key, [line])
  }
  return groups
}
