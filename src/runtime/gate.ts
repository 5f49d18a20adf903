// The one gate: whatever changes an execution passes here (rule 18). Messages of one execution are handled one
// turn after another; between processes the save is guarded by `seq`. Nothing is locked while anything is computed.
import { AppError } from '../core/errors.ts'
import { type ExecutionStatus, isEnded } from '../core/statuses.ts'
import { type ClaimedRow, holdsClaim } from '../store/queue.ts'
import type { Core } from './core.ts'
import { type Live, type Message, readLive, refresh } from './live.ts'
import { closeTurn, type Effect, openTurn, type Turn, takeMessage } from './turn.ts'

export interface Gate {
  /** Resolves after the commit; `ignored` when the event was stale or not legal. */
  send(id: string, message: Message): Promise<'applied' | 'ignored'>
  /** A new execution, to be inserted by its first turn. */
  admit(live: Live, message: Message): Promise<'applied' | 'ignored'>
  /** The execution as this process knows it; read if need be. */
  open(id: string): Promise<Live>
  /** Another process has changed it: what is cached is stale. */
  forget(id: string, seq: number): void
  readonly size: number
}

/** What happens after a commit; wired by `start-engine.ts`. */
export interface Consequences {
  reserve(): boolean
  unreserve(): void
  startEffect(live: Live, effect: Effect): void
  takeUp(row: ClaimedRow): void
  abort(id: string, run: { run: string; attempt: number }): void
  changed(id: string, seq: number, status: ExecutionStatus): void
  /** Rows were queued that somebody has to claim: the soonest is due after so many ms. */
  queued(afterMs: number): void
  isBusy(id: string): boolean
}

const maxRaces = 50

interface Internals {
  core: Core
  consequences: Consequences
  lives: Map<string, Promise<Live>>
}

export function createGate(core: Core, consequences: Consequences): Gate {
  const lives = new Map<string, Promise<Live>>()
  const internals = { core, consequences, lives }
  return {
    open: (id) => open(internals, id),
    get size() {
      return lives.size
    },
    send: async (id, message) => deliver(internals, await open(internals, id), message),
    admit(live, message) {
      lives.set(live.id, Promise.resolve(live))
      return deliver(internals, live, message)
    },
    forget(id, seq) {
      void lives.get(id)?.then((live) => {
        if (live.seq < seq && !live.busy && live.inbox.length === 0) lives.delete(id)
      })
    },
  }
}

function open({ core, lives }: Internals, id: string): Promise<Live> {
  let live = lives.get(id)
  if (!live) {
    live = readLive(core.pool, core.versions, id)
    lives.set(id, live)
    live.catch(() => lives.delete(id))
  }
  return live
}

function deliver(internals: Internals, live: Live, message: Message): Promise<'applied' | 'ignored'> {
  return new Promise((resolve, reject) => {
    live.inbox.push({ ...message, settle: resolve, reject })
    if (!live.busy) void work(internals, live)
  })
}

/** Works the inbox off; an execution with nothing going on here is not kept in memory. */
async function work(internals: Internals, live: Live): Promise<void> {
  live.busy = true
  while (live.inbox.length > 0) await workOff(internals, live, live.inbox.splice(0))
  live.busy = false
  if (!internals.consequences.isBusy(live.id)) internals.lives.delete(live.id)
}

async function workOff(internals: Internals, live: Live, messages: Message[]): Promise<void> {
  const { core, consequences, lives } = internals
  try {
    const applied = await turnUntilSaved(core, consequences, { live, messages })
    for (const message of messages) message.settle?.(applied.has(message) ? 'applied' : 'ignored')
  } catch (error) {
    if (!(error instanceof AppError)) core.log.error({ err: error, execution: live.id }, 'A turn failed')
    if (live.insert) lives.delete(live.id)
    for (const message of messages) message.reject?.(error)
  }
}

/** One turn; repeated on fresh state when another process was first. Returns what was applied. */
async function turnUntilSaved(
  core: Core,
  consequences: Consequences,
  given: { live: Live; messages: readonly Message[] },
): Promise<ReadonlySet<Message>> {
  const { live, messages } = given
  for (let race = 0; race < maxRaces; race++) {
    const turn = openTurn(core, live, consequences.reserve)
    for (const message of messages) if (await isOurs(core, live, message)) await takeMessage(turn, message)
    if (turn.applied.size === 0) return turn.applied
    if (await core.committer.save(closeTurn(turn))) {
      await conclude(core, turn, consequences)
      return turn.applied
    }
    turn.effects.forEach(consequences.unreserve)
    if (live.insert) throw new AppError('already-exists', 'An execution with this key exists already.')
    refresh(live, await readLive(core.pool, core.versions, live.id))
  }
  throw new AppError('conflict', `Execution ${live.id} is changed by others all the time; try again.`)
}

/** A result whose claim was taken over meanwhile is dropped: somebody else answers for that effect now. */
async function isOurs(core: Core, live: Live, message: Message): Promise<boolean> {
  const { claim } = message
  if (!claim || (claim.live === live && claim.generation === live.generation)) return true
  const { run, attempt } = claim
  return holdsClaim(core.pool, { process: core.process, execution: live.id, run, attempt })
}

/** The state is committed: now, and not before, effects may start (rule 20). */
async function conclude(core: Core, turn: Turn, consequences: Consequences): Promise<void> {
  const { live, save } = turn
  live.state = turn.state
  live.seq = save.seq + 1
  if (save.header.startedAt !== undefined) live.startedAt = save.header.startedAt
  delete live.insert
  for (const run of turn.aborted) consequences.abort(live.id, run)
  for (const effect of turn.effects) consequences.startEffect(live, effect)
  for (const row of turn.claimed) consequences.takeUp(row)
  for (const work of turn.after) await work()
  consequences.changed(live.id, live.seq, live.state.status)
  const unclaimed = save.queue.filter((row) => !row.claimedBy)
  if (unclaimed.length > 0) consequences.queued(Math.min(...unclaimed.map((row) => dueIn(core, row))))
  if (isEnded(live.state.status)) live.items.clear()
}

function dueIn(core: Core, row: { afterMs?: number; at?: number }): number {
  return row.at === undefined ? (row.afterMs ?? 0) : row.at - core.clock.now()
}
