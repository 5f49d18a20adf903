// What a commit leads to: now, and not before, effects may start (rule 20).
import { type ExecutionStatus, isEnded } from '../core/statuses.ts'
import type { ClaimedRow } from '../store/queue.ts'
import type { Core } from './core.ts'
import type { Live } from './live.ts'
import { observeTurn } from './observe-turn.ts'
import type { Effect, Turn } from './turn.ts'

/** Wired by `start-engine.ts`. None of these throws. */
export interface Consequences {
  /** Takes a place for an effect of this workflow; false when none is free for it. */
  reserve(workflow: string): boolean
  unreserve(workflow: string): void
  startEffect(live: Live, effect: Effect): void
  takeUp(row: ClaimedRow): void
  abort(id: string, run: { run: string; attempt: number }): void
  changed(id: string, seq: number, status: ExecutionStatus): void
  /** Rows were queued that somebody has to claim: the soonest is due after so many ms. */
  queued(afterMs: number): void
  isBusy(id: string): boolean
}

export async function conclude(core: Core, turn: Turn, consequences: Consequences): Promise<void> {
  const { live, save } = turn
  observeTurn(core, turn)
  live.state = turn.state
  live.seq = save.seq + 1
  live.dispatched += save.header.dispatched ?? 0
  if (save.header.startedAt !== undefined) live.startedAt = save.header.startedAt
  live.insert = undefined
  for (const run of turn.aborted) consequences.abort(live.id, run)
  for (const effect of turn.effects) consequences.startEffect(live, effect)
  for (const row of turn.claimed) consequences.takeUp(row)
  consequences.changed(live.id, live.seq, live.state.status)
  if (turn.after.length > 0) await workAfter(core, turn)
  const soonest = soonestRow(core, turn)
  if (soonest !== undefined) consequences.queued(soonest)
  if (isEnded(live.state.status)) live.items.clear()
}

/** Hints only: what is not done here is found by polling. */
async function workAfter(core: Core, turn: Turn): Promise<void> {
  for (const work of turn.after) {
    try {
      await work()
    } catch (error) {
      const { id: execution, version } = turn.live
      core.log.warn({ err: error, execution, workflow: version.workflow }, 'Work after a commit failed')
    }
  }
}

function soonestRow(core: Core, { save, after }: Turn): number | undefined {
  if (save.held === 'release' || after.length > 0) return 0
  const unclaimed = save.queue.filter((row) => !row.claimedBy)
  if (unclaimed.length === 0) return undefined
  return Math.min(
    ...unclaimed.map(({ at, afterMs }) => (at === undefined ? (afterMs ?? 0) : at - core.clock.now())),
  )
}
