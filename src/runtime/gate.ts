// The one gate: whatever changes an execution passes here (rule 18). Messages of one execution are handled one
// turn after another; between processes the save is guarded by `seq`. Nothing is locked while anything is computed.
import { AppError } from '../core/errors.ts'
import { readStatus } from '../store/executions.ts'
import { closeTurn } from './close-turn.ts'
import { type Consequences, conclude } from './conclude.ts'
import type { Core } from './core.ts'
import { type Live, type Message, readLive, refresh } from './live.ts'
import { openTurn, type Turn, takeMessage } from './turn.ts'
import { createTurnover, type Turnover } from './turnover.ts'

export interface Gate {
  /**
   * Resolves after the commit; `ignored` when the event was stale or not legal. An empty message is always ignored:
   * it only makes sure that what is in memory is what is stored.
   */
  send(id: string, message: Message): Promise<'applied' | 'ignored'>
  /** A new execution, to be inserted by its first turn. */
  admit(live: Live, message: Message): Promise<'applied' | 'ignored'>
  /** The execution as this process knows it; read if need be, and kept until `rest`. */
  open(id: string): Promise<Live>
  /** The same, but not kept for having been looked at. */
  peek(id: string): Promise<Live>
  /** Nothing of it runs here any more: it is kept no longer than its messages need. */
  rest(id: string): void
  /** Another process has changed it: what is cached is stale. */
  forget(id: string, seq: number): void
  readonly size: number
}

const maxRaces = 50

interface Entry {
  live: Live | undefined
  ready: Promise<Live>
}

interface Internals {
  core: Core
  consequences: Consequences
  lives: Turnover<string, Entry>
}

export function createGate(core: Core, consequences: Consequences): Gate {
  const lives = createTurnover<string, Entry>()
  const internals = { core, consequences, lives }
  return {
    open: (id) => open(internals, id).ready,
    peek: (id) => lives.get(id)?.ready ?? readLive(core, id),
    rest(id) {
      const live = lives.get(id)?.live
      if (live) forgetIdle(internals, live)
    },
    get size() {
      return lives.size
    },
    async send(id, message) {
      for (;;) {
        const entry = open(internals, id)
        const live = await entry.ready
        // It may have been forgotten meanwhile: two in memory would only refuse each other's saves.
        if (lives.get(id) === entry) return deliver(internals, live, message)
      }
    },
    admit(live, message) {
      lives.set(live.id, { live, ready: Promise.resolve(live) })
      return deliver(internals, live, message)
    },
    forget(id, seq) {
      const live = lives.get(id)?.live
      if (live && live.seq < seq && !live.busy && live.inbox.length === 0) lives.delete(id)
    },
  }
}

function open({ core, lives }: Internals, id: string): Entry {
  const known = lives.get(id)
  if (known) return known
  const entry: Entry = { live: undefined, ready: readLive(core, id) }
  lives.set(id, entry)
  entry.ready.then(
    (live) => {
      entry.live = live
    },
    () => {
      if (lives.get(id) === entry) lives.delete(id)
    },
  )
  return entry
}

function deliver(internals: Internals, live: Live, message: Message): Promise<'applied' | 'ignored'> {
  return new Promise((resolve, reject) => {
    live.inbox.push({ ...message, settle: resolve, reject })
    if (!live.busy) void work(internals, live)
  })
}

/** Works the inbox off; an execution with nothing going on here is not kept in memory (rule 25). */
async function work(internals: Internals, live: Live): Promise<void> {
  live.busy = true
  while (live.inbox.length > 0) await workOff(internals, live, live.inbox.splice(0))
  live.busy = false
  forgetIdle(internals, live)
}

function forgetIdle({ lives, consequences }: Internals, live: Live): void {
  if (live.busy || live.inbox.length > 0 || consequences.isBusy(live.id)) return
  if (lives.get(live.id)?.live === live) lives.delete(live.id)
}

async function workOff(internals: Internals, live: Live, messages: Message[]): Promise<void> {
  const { core, lives } = internals
  try {
    const applied = await turnUntilSaved(internals, live, messages)
    for (const message of messages) message.settle?.(applied.has(message) ? 'applied' : 'ignored')
  } catch (error) {
    if (!(error instanceof AppError)) {
      const { workflow } = live.version
      core.log.error({ err: error, execution: live.id, workflow }, 'A turn failed')
    }
    if (live.insert) lives.delete(live.id)
    // The turn left its traces in memory, and nothing of it was saved.
    live.stale = true
    for (const message of messages) message.reject?.(error)
  }
}

/** Turns on ever fresher state until one is saved. Returns what was applied. */
async function turnUntilSaved(
  internals: Internals,
  live: Live,
  messages: readonly Message[],
): Promise<ReadonlySet<Message>> {
  const { core } = internals
  for (let race = 0; race < maxRaces; race++) {
    if (live.stale) refresh(live, await readLive(core, live.id))
    const turn = await takeTurn(internals, live, messages)
    if (turn.isSaved || (turn.applied.size === 0 && (await isCurrent(core, live)))) return turn.applied
    if (live.insert) throw new AppError('already-exists', 'An execution with this key exists already.')
    live.stale = true
  }
  throw new AppError('conflict', `Execution ${live.id} is changed by others all the time; try again.`, {
    why: { key: 'changed-meanwhile' },
  })
}

/** Whether what was ignored is not legal indeed, and not only by what this process still believes. */
async function isCurrent(core: Core, live: Live): Promise<boolean> {
  const row = await readStatus(core.pool, live.id)
  if (!row) throw new AppError('not-found', `There is no execution ${live.id}.`)
  return row.seq === live.seq
}

/** `isSaved` is false when nothing was applied, or another process was first. */
async function takeTurn(
  { core, consequences }: Internals,
  live: Live,
  messages: readonly Message[],
): Promise<Turn> {
  const { workflow } = live.version
  let places = 0
  const turn = openTurn(core, live, () => consequences.reserve(workflow) && ++places > 0)
  try {
    for (const message of messages) {
      if (!message.claim || (await isOurs(core, live, message.claim))) await takeMessage(turn, message)
    }
    if (turn.applied.size > 0 && (await save(core, turn))) {
      places -= turn.effects.length
      await conclude(core, turn, consequences)
    }
    return turn
  } finally {
    for (; places > 0; places--) consequences.unreserve(workflow)
    for (const row of turn.held) core.hands.drop(row)
  }
}

async function save(core: Core, turn: Turn): Promise<boolean> {
  const whole = closeTurn(turn)
  for (const row of turn.held) core.hands.take(row)
  turn.isSaved = await core.committer.save(whole)
  return turn.isSaved
}

/** A result whose claim was taken over meanwhile is dropped: somebody else answers for that effect now. */
async function isOurs(core: Core, live: Live, claim: NonNullable<Message['claim']>): Promise<boolean> {
  if (claim.live === live && claim.generation === live.generation) return true
  const { run, attempt, crashes } = claim
  return core.reads.holdsClaim({ execution: live.id, run, attempt, crashes })
}
