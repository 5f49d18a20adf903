// Follows one execution: loads it, then merges live changes at most once per animation frame.
import { type ExecutionChange, executionEvents } from '../../api/contract/live.ts'
import { isRefusal } from '../../client/api-error.ts'
import { urlOf } from '../../client/client.ts'
import { isEnded } from '../../core/statuses.ts'
import { type LiveSource, liveSource, type SourceStatus } from './live-source.ts'
import { firstState, type LiveExecution, mergeChanges } from './live-state.ts'
import { readExecution } from './read-execution.ts'
import { hasSessionEnded, onSessionChange } from './session-ended.ts'

/** `refused`: the execution is not there, or not for this user; nothing is asked again by itself. */
export type LiveStatus = SourceStatus | 'loading' | 'refused'

export interface Following {
  state?: LiveExecution
  error?: unknown
  live: LiveStatus
}

const retryMs = 2000
/** So many times as long as drawing took. */
const restPerDrawing = 4

export interface Follow {
  stop: () => void
  /** Loads everything anew. */
  again: () => void
}

/** Calls `show` with every new picture. Goes on after the end: somebody may reopen the execution. */
export function followExecution(id: string, show: (following: Following) => void): Follow {
  const stop = new AbortController()
  const follower: Follower = {
    id,
    show,
    stop: stop.signal,
    following: { live: 'loading' },
    pending: [],
    restUntil: 0,
    source: liveSource({
      url: () => urlOf(executionEvents, { params: { id }, query: { since: seqOf(follower), stay: true } }),
      onLive: (live) => setLive(follower, live),
      onChange: (data) => take(follower, JSON.parse(data)),
      // Why, tells reading it anew.
      onRefused: () => beginLater(follower),
    }),
  }
  const unsubscribe = onSessionChange(() => !hasSessionEnded() && begin(follower))
  stop.signal.addEventListener('abort', () => {
    clearTimeout(follower.retry)
    follower.source.close()
    unsubscribe()
  })
  begin(follower)
  return { stop: () => stop.abort(), again: () => begin(follower) }
}

const seqOf = ({ following }: Follower): number => following.state?.execution.seq ?? 0

interface Follower {
  id: string
  show: (following: Following) => void
  stop: AbortSignal
  following: Following
  /** Drawing a large graph takes longer than a frame: the page rests then, so that it stays quick. */
  restUntil: number
  /** Changes that wait for the next animation frame. */
  pending: ExecutionChange[]
  source: LiveSource
  /** The next attempt, after one has failed. */
  retry?: ReturnType<typeof setTimeout>
}

function publish(follower: Follower, following: Following): void {
  if (follower.stop.aborted) return
  follower.following = following
  follower.show(following)
}

function begin(follower: Follower): void {
  clearTimeout(follower.retry)
  follower.source.disconnect()
  if (follower.following.live === 'refused') publish(follower, { live: 'loading' })
  load(follower).catch((error: unknown) => {
    // What is open stays open, with what was typed into it, until somebody has signed in again.
    const isRefused = isRefusal(error) && !hasSessionEnded()
    if (isRefused) return publish(follower, { live: 'refused', error })
    publish(follower, { ...follower.following, live: 'reconnecting', error })
    beginLater(follower)
  })
}

function beginLater(follower: Follower): void {
  clearTimeout(follower.retry)
  if (follower.stop.aborted || hasSessionEnded()) return
  follower.retry = setTimeout(() => begin(follower), retryMs)
}

async function load(follower: Follower): Promise<void> {
  const { execution, runs } = await readExecution(follower.id, follower.stop)
  publish(follower, { state: firstState(execution, runs), live: follower.following.live })
  if (!follower.stop.aborted) follower.source.connect()
}

function setLive(follower: Follower, live: LiveStatus): void {
  if (follower.following.live !== live) publish(follower, { ...follower.following, live })
}

function take(follower: Follower, change: ExecutionChange): void {
  follower.pending.push(change)
  if (follower.pending.length > 1) return
  // No frame comes in a hidden tab; there the next picture can wait a second.
  if (document.hidden) setTimeout(() => flush(follower), 1000)
  else afterRest(follower, () => requestAnimationFrame(() => flush(follower)))
}

function afterRest({ restUntil }: Follower, draw: () => void): void {
  const rest = restUntil - performance.now()
  if (rest > 0) setTimeout(draw, rest)
  else draw()
}

function flush(follower: Follower): void {
  const { state, live } = follower.following
  const changes = follower.pending.splice(0)
  if (!state || changes.length === 0) return
  const next = mergeChanges(state, changes)
  const began = performance.now()
  publish(follower, { state: next, live })
  // Once what this changes has been drawn.
  setTimeout(() => {
    follower.restUntil = performance.now() + restPerDrawing * (performance.now() - began)
  })
  // Its end, and what reopens it, change what may be done to every run; only runs that changed were told.
  if (isEnded(state.execution.status) !== isEnded(next.execution.status)) begin(follower)
}
