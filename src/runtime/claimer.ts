// Looks for due rows: at once when told, else after a pause that is short while there is work (rule 24).
import type { Beat } from '../store/processes.ts'
import {
  type ClaimedRow,
  claimDue,
  lonelyFrom,
  nextDueMs,
  releaseRows,
  waitingWorkflows,
} from '../store/queue.ts'
import { isTransient } from './committer.ts'
import type { Core } from './core.ts'
import type { Lane } from './lanes.ts'
import type { Places } from './places.ts'
import { tidyClaims } from './tidy-claims.ts'
import type { Worker } from './worker.ts'

export interface Claimer {
  /** Look soon: something is or will be due after so many ms. */
  poke(afterMs?: number): void
  /** This process is busy: it looks more often. */
  stayAwake(): void
  /** A place has become free. */
  placeFreed(): void
  /**
   * Frees what dead processes held, ends what this one has lost, gives back what got lost in it. What the heartbeat has
   * just found not to be there is not asked for.
   */
  upkeep(heard?: Beat): Promise<void>
  /** Others have changed what runs here: its effects may have been stopped. */
  checkSoon(): void
  stop(): Promise<void>
}

export interface ClaimerParts {
  worker: Worker
  places: Places
  takeUp(row: ClaimedRow): void
  /** What this process takes up. */
  effects: boolean
  timers: boolean
}

const busyPollMs = 1000
const idlePollMs = 5000
/** A row that is due and could not be claimed is in somebody's hands: no reason to ask without a pause. */
const contendedPollMs = 50
/** While all places are taken by what runs here, places that become free are taken again at once. */
const barrenPollMs = 20
const timersAtOnce = 500
const effectsAtOnce = 200
const checkAfterMs = 250
const probationMs = 1000

/** Milliseconds until something is due that this process would take up. */
async function soonestDue(core: Core, { effects, timers }: Pick<ClaimerParts, 'effects' | 'timers'>) {
  const kinds = [
    ...(timers ? [{ effects: false }] : []),
    ...(effects ? core.lanes.inTurn().map((tag) => ({ effects: true, tag })) : []),
  ]
  return (await nextDueMs(core.pool, kinds)) ?? Number.POSITIVE_INFINITY
}

/** What a claim has just brought is in hand before anybody counts what is. */
function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work)
    last = next.catch(() => undefined)
    return next
  }
}

export function createClaimer(core: Core, parts: ClaimerParts): Claimer {
  const { worker, places } = parts
  const tidy = tidyClaims(core, worker)
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let timerAt = Number.POSITIVE_INFINITY
  /** The next look is but the poll of a process that has nothing to do: it asks before it claims. */
  let isPoll = false
  /** Effects are due that found no place here; `barren`: the last look found a place for none of them. */
  let hungry = false
  let barren = false
  /** When the next effect that was interrupted more than once may be tried. */
  let suspectAt = 0
  let check: NodeJS.Timeout | undefined
  const alone = oneAtATime()

  function schedule(afterMs: number): void {
    const ms = Math.min(Math.max(barren ? barrenPollMs : 0, afterMs), idlePollMs)
    const at = Date.now() + ms
    if (stopped || at >= timerAt) return
    clearTimeout(timer)
    timerAt = at
    isPoll = ms === idlePollMs
    timer = setTimeout(look, ms)
  }

  function look(): void {
    timerAt = Number.POSITIVE_INFINITY
    const asksFirst = isPoll
    const work = async () => (asksFirst && Math.max(0, await soonestDue(core, parts))) || lookOnce()
    void alone(work).then(schedule, (error: unknown) => {
      if (!isTransient(error)) core.log.error({ err: error }, 'Looking for due work failed')
      schedule(busyPollMs)
    })
  }

  /** Returns when to look again. */
  async function lookOnce(): Promise<number> {
    if (stopped) return idlePollMs
    const found = (await claimTimers()) + (await claimEffects())
    if (found >= timersAtOnce || (found > 0 && !hungry)) return 0
    // Effects that wait for a place are looked for when there is one.
    const next = await soonestDue(core, { effects: parts.effects && !hungry, timers: parts.timers })
    const pollMs = hungry || worker.inFlight.size > 0 ? busyPollMs : idlePollMs
    return Math.min(pollMs, next > 0 ? next : contendedPollMs)
  }

  async function claimTimers(): Promise<number> {
    if (!parts.timers) return 0
    const rows = await claimDue(core.pool, { process: core.process, limit: timersAtOnce, effects: false })
    core.figures.claimed(rows)
    for (const row of rows) parts.takeUp(row)
    return rows.length
  }

  async function claimEffects(): Promise<number> {
    if (!parts.effects) return 0
    let claimed = 0
    let isFull = false
    for (const lane of core.lanes.inTurn()) {
      const found = await claimLane(lane)
      claimed += found.claimed
      isFull ||= found.isFull
    }
    await countWaiting(isFull)
    barren = hungry && claimed === 0
    places.book(hungry)
    return claimed
  }

  /** What this process dispatches meanwhile goes first: what is claimed in vain goes back. */
  async function claimLane(lane: Lane): Promise<{ claimed: number; isFull: boolean }> {
    const free = Math.min(places.free, effectsAtOnce)
    const rows = free > 0 ? await claimFairly(free, lane) : []
    const fitting = places.fill(rows.map(({ workflow }) => workflow))
    core.figures.claimed(rows.slice(0, fitting))
    for (const row of rows.slice(0, fitting)) startEffect(row)
    if (fitting < rows.length) await releaseRows(core.pool, core.process, rows.slice(fitting))
    // With places left there are only more than are claimed at once: the next look comes for them.
    return { claimed: fitting, isFull: rows.length === free && places.free === 0 }
  }

  function claimFairly(limit: number, tag: Lane): Promise<ClaimedRow[]> {
    const suspect = Date.now() >= suspectAt
    const by = { process: core.process, tag }
    return claimDue(core.pool, { ...by, limit, effects: true, taken: places.taken, suspect })
  }

  /** One that was interrupted more than once is watched for a while, or until it has ended, before the next one comes. */
  function startEffect(row: ClaimedRow): void {
    const done = worker.startClaimed(row)
    if (row.crashes < lonelyFrom) return
    suspectAt = Date.now() + probationMs
    void done.then(() => {
      suspectAt = 0
      schedule(0)
    })
  }

  /** Only a process whose places were all taken can leave somebody waiting. */
  async function countWaiting(isFull: boolean): Promise<void> {
    const lanes = isFull ? core.lanes.inTurn() : []
    const waiting = (await Promise.all(lanes.map((lane) => waitingWorkflows(core.pool, lane)))).flat()
    hungry = waiting.length > 0
    places.othersWait(waiting)
  }

  async function upkeep(heard?: Beat): Promise<void> {
    if (!stopped && (await tidy(heard))) schedule(0)
  }

  schedule(0)
  return {
    poke: (afterMs = 0) => schedule(afterMs),
    stayAwake: () => schedule(busyPollMs),
    placeFreed() {
      if (hungry) schedule(0)
    },
    upkeep: (heard) => alone(() => upkeep(heard)),
    checkSoon() {
      check ??= setTimeout(() => {
        check = undefined
        alone(() => upkeep()).catch(() => undefined)
      }, checkAfterMs)
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      clearTimeout(check)
      await alone(() => Promise.resolve())
    },
  }
}
