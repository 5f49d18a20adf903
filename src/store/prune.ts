// Deletes what is kept no longer, in pieces of a fraction of a second each: whoever writes waits for none of them, and
// who is stopped in between has lost nothing (rule 38).
import { setTimeout as pause } from 'node:timers/promises'
import { deleteBatches } from './batches.ts'
import type { Db } from './db.ts'
import { clearLeftovers, type Doomed, deleteExecutions, largeExecution } from './delete-executions.ts'
import { deleteChanges, deleteFirings, findExpired, type RetentionRule, readRules } from './retention.ts'
import { inTurn, turns, unlessTaken } from './take-turns.ts'
import { forgetTargets } from './targets.ts'

/** As in the configuration. */
export interface Keeping {
  /** For workflows that do not say themselves; undefined: for ever. */
  keepDays: number | undefined
  /** Changes of records; undefined: for ever. */
  keepChangesDays: number | undefined
}

export interface Pruned {
  executions: number
  changes: number
  /** Milliseconds of the longest transaction. */
  longestMs: number
}

export interface PruneOptions {
  keeping: Keeping
  /** Only these workflows. */
  workflow?: string
  signal?: AbortSignal
  /** Rests as long as it has worked, for the sake of whoever else uses the database. */
  gently?: boolean
}

/** A piece should take so long; how much that is, each piece tells for the next one. */
const aimMs = 250
const most = 20_000
const least = 200
const executionsAtOnce = 1000
/** Longer than a process remembers that it noted a target. */
const targetDays = 2

/** Waits while another process prunes. */
export function prune(db: Db, options: PruneOptions): Promise<Pruned> {
  return inTurn(db, turns.pruning, () => pruneAlone(db, options))
}

/** Does nothing while another process prunes. */
export async function pruneUnlessTaken(db: Db, options: PruneOptions): Promise<Pruned | undefined> {
  let pruned: Pruned | undefined
  await unlessTaken(db, turns.pruning, async () => {
    pruned = await pruneAlone(db, options)
  })
  return pruned
}

/** The rules of the workflows, with the default days where a workflow names none. */
export async function rulesFor(db: Db, { keeping, workflow }: PruneOptions): Promise<RetentionRule[]> {
  const days = keeping.keepDays
  const rules = await readRules(db)
  return rules
    .filter((rule) => workflow === undefined || rule.workflow === workflow)
    .map((rule) => ({ ...(days === undefined ? {} : { days }), ...rule }))
}

async function pruneAlone(db: Db, options: PruneOptions): Promise<Pruned> {
  const pruned: Pruned = { executions: 0, changes: 0, longestMs: 0 }
  const pieces = inPieces(pruned, options)
  await pieces((limit) => clearLeftovers(db, limit))
  for (const rule of await rulesFor(db, options)) {
    await pieces(async (limit) => {
      const deleted = await deletePiece(db, rule, limit)
      pruned.executions += deleted
      return deleted
    })
    await pieces((limit) => clearLeftovers(db, limit))
  }
  const { keepDays, keepChangesDays: changeDays } = options.keeping
  if (options.workflow !== undefined) return pruned
  await pieces((limit) => forgetTargets(db, { days: targetDays, limit }))
  if (keepDays !== undefined) {
    await pieces((limit) => deleteFirings(db, { days: keepDays, limit }))
    await pieces((limit) => deleteBatches(db, { days: keepDays, limit }))
  }
  if (changeDays !== undefined)
    await pieces(async (limit) => {
      const rows = await deleteChanges(db, { days: changeDays, limit })
      pruned.changes += rows
      return rows
    })
  return pruned
}

/** Repeats a piece of work until it says that nothing is left. */
function inPieces(pruned: Pruned, { signal, gently = false }: PruneOptions) {
  return async (work: (limit: number) => Promise<number>): Promise<void> => {
    for (let limit = 2000, rows = 1; rows > 0 && !signal?.aborted; ) {
      const started = performance.now()
      rows = await work(limit)
      const ms = performance.now() - started
      pruned.longestMs = Math.max(pruned.longestMs, ms)
      limit = Math.round(Math.min(most, Math.max(least, (limit * aimMs) / Math.max(1, ms)), limit * 2))
      if (gently && rows > 0) await pause(ms)
    }
  }
}

/** Answers 0 when nothing is left but what others are writing to: that is for the next round. */
async function deletePiece(db: Db, rule: RetentionRule, limit: number): Promise<number> {
  return deleteExecutions(db, takeRows(await findExpired(db, rule, executionsAtOnce), limit))
}

/** As many as have `limit` rows together, one at least; of a large one the rows go later. */
function takeRows(expired: Doomed[], limit: number): Doomed[] {
  let sum = 0
  return expired.filter(({ rows }, n) => {
    sum += rows >= largeExecution ? 1 : rows
    return n === 0 || sum <= limit
  })
}
