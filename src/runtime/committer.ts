// Group commit: the saves of all executions that wait flush together; the next flush starts when one returns.
import { sqlState } from '../store/db.ts'
import { wasWritten } from '../store/executions.ts'
import type { Save } from '../store/save.ts'
import { writeSaves } from '../store/write-saves.ts'
import type { Writer } from '../store/writer.ts'
import { createFigures, type Figures } from './metrics/figures.ts'

export interface Committer {
  /** Resolves after the commit: false when the guard refused it because another process was first. */
  save(save: Save): Promise<boolean>
  /** Figures since the start: flushes, saves. */
  readonly figures: { flushes: number; saves: number }
  /** Saves whose flush has not begun. */
  readonly waiting: number
  idle(): Promise<void>
  close(): Promise<void>
}

interface Waiting {
  save: Save
  resolve(saved: boolean): void
  reject(error: unknown): void
}

/** More in one would keep all others waiting: database and process would rest in turns. */
const maxBatch = 64
/** Enough to be worth a statement of its own while the process is still busy computing others. */
const earlyBatch = 32
const uniqueViolation = '23505'
const retryMs = 200
const maxRetryMs = 5000

/**
 * SQLSTATEs after which the same may succeed later: connection, shutdown, resources, serialization, read-only, and a
 * prepared statement that the connection does not have, as the one ahead that was to prepare it failed.
 */
const transient = /^(08|57P|53|40001|40P01|25006|26000|42P05)/
const lostConnection = /terminat|timeout|ECONN|closed|not queryable/i
const networkCodes = new Set(
  'ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ENOENT ETIMEDOUT EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN'.split(
    ' ',
  ),
)

export function isTransient(error: unknown): boolean {
  const state = sqlState(error)
  if (state === undefined) return error instanceof Error && lostConnection.test(error.message)
  return transient.test(state) || networkCodes.has(state)
}

/** The database goes from one to the next by itself, also while this thread computes. */
const flushesAtOnce = 2

export function createCommitter(writer: Writer, told: Figures = createFigures()): Committer {
  const waiting: Waiting[] = []
  const figures = { flushes: 0, saves: 0 }
  let flying = 0
  let scheduled = false
  const idleCallbacks: (() => void)[] = []

  function pump(): void {
    while (flying < flushesAtOnce && waiting.length > 0) {
      const batch = waiting.splice(0, maxBatch)
      flying++
      void flush(batch).finally(() => {
        flying--
        if (waiting.length > 0) pumpSoon()
        else if (flying === 0) for (const call of idleCallbacks.splice(0)) call()
      })
    }
  }

  /** What this turn of the event loop still brings goes along: so there is no third group that only ever waits. */
  function pumpSoon(): void {
    if (scheduled) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      pump()
    })
  }

  async function flush(batch: Waiting[]): Promise<void> {
    figures.flushes++
    figures.saves += batch.length
    const begun = performance.now()
    try {
      const saved = await writeWithRetry(
        writer,
        batch.map(({ save }) => save),
        told.flushFailed,
      )
      const ms = performance.now() - begun
      told.flushed({ saves: batch.length, refused: batch.length - saved.size, ms })
      for (const { save, resolve } of batch) resolve(saved.has(save.id))
    } catch (error) {
      await flushAgain(batch, error)
    }
  }

  /** One save that cannot be written must not take the others with it. */
  async function flushAgain(batch: Waiting[], error: unknown): Promise<void> {
    if (sqlState(error) === uniqueViolation && forgetFresh(batch)) await flush(batch)
    else if (batch.length === 1) batch[0]?.reject(error)
    else for (const item of batch) await flush([item])
  }

  return {
    figures,
    get waiting() {
      return waiting.length
    },
    save: (save) =>
      new Promise((resolve, reject) => {
        waiting.push({ save, resolve, reject })
        if (waiting.length >= earlyBatch) pump()
        if (waiting.length > 0) pumpSoon()
      }),
    idle: () =>
      flying === 0 && waiting.length === 0
        ? Promise.resolve()
        : new Promise((resolve) => idleCallbacks.push(resolve)),
    close: () => writer.close(),
  }
}

/** A row thought to be new was there: all look first then. Returns whether that makes a difference. */
function forgetFresh(batch: readonly Waiting[]): boolean {
  const fresh = batch.flatMap(({ save }) => save.runs.filter((row) => row.fresh))
  for (const row of fresh) {
    row.fresh = false
    row.packed = false
  }
  return fresh.length > 0
}

async function writeWithRetry(
  writer: Writer,
  saves: readonly Save[],
  onFailure: () => void,
): Promise<Set<string>> {
  for (let delay = retryMs; ; ) {
    try {
      const saved = await writeSaves(writer, saves)
      return delay === retryMs ? saved : await withOurs(writer, saves, saved)
    } catch (error) {
      if (!isTransient(error)) throw error
      // It may have been written: its guards cannot be taken for granted any more.
      for (const save of saves) save.careful = true
      onFailure()
      await new Promise((resolve) => setTimeout(resolve, delay))
      delay = Math.min(delay * 2, maxRetryMs)
    }
  }
}

/** A commit of unknown fate is read back after it was repeated: what was refused is ours if our snapshot stands. */
async function withOurs(writer: Writer, saves: readonly Save[], saved: Set<string>): Promise<Set<string>> {
  for (const save of saves) {
    if (saved.has(save.id)) continue
    if (await wasWritten(writer, save)) saved.add(save.id)
  }
  return saved
}
