// Execution ids: bigints from a sequence, taken in blocks, so that a start costs no round trip of its own.
import type { Db } from '../store/db.ts'
import { allocateIds } from '../store/executions.ts'

export interface Ids {
  next(): string | Promise<string>
}

const blockSize = 64n
const maxBlocks = 16

export function createIds(db: Db): Ids {
  const free: bigint[] = []
  let fetching: Promise<void> | undefined
  let blocks = 1

  async function fetchMore(): Promise<void> {
    const starts = await allocateIds(db, blocks)
    blocks = Math.min(blocks * 2, maxBlocks)
    for (const start of starts) for (let n = 0n; n < blockSize; n++) free.push(start + n)
    free.reverse()
  }

  async function nextFetched(): Promise<string> {
    while (free.length === 0) {
      fetching ??= fetchMore().finally(() => {
        fetching = undefined
      })
      await fetching
    }
    return String(free.pop())
  }

  return { next: () => (free.length > 0 ? String(free.pop()) : nextFetched()) }
}
