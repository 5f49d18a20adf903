// Follows one execution: loads it, then merges live changes at most once per animation frame.
import { type ExecutionChange, executionEvents } from '../../api/contract/live.ts'
import { isRefusal } from '../../client/api-error.ts'
import { urlOf } from '../../client/client.ts'
import { isEnded } from '../../core/statuses.ts'
import { firstState, type LiveExecution, mergeChanges } from './live-state.ts'
import { readExecution } from './read-execution.ts'

/**
 * What is known of the connection. `stale`: it is open, but nothing was heard for too long. `refused`: the execution
 * is not there, or not for this user; nothing is asked again by itself.
 */
export type LiveStatus = 'loading' | 'live' | 'reconnecting' | 'stale' | 'refused'

export interface Following {
  state?: LiveExecution
  error?: unknown
  live: LiveStatus
}

const retryMs = 2000
/** The server beats every five seconds. */
const staleMs = 15_000
/** So many times as long as drawing took. */
const restPerDrawing = 4
/** Nobody looks: a browser has few connections to share among all its tabs. */
const restAfterMs = 30_000

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
    heardAt: Date.now(),
  }
  const watching = setInterval(() => watch(follower), staleMs / 3)
  const unwatchTab = restWhileHidden(follower)
  stop.signal.addEventListener('abort', () => {
    clearInterval(watching)
    unwatchTab()
    rest(follower)
  })
  begin(follower)
  return { stop: () => stop.abort(), again: () => begin(follower) }
}

interface Follower {
  id: string
  show: (following: Following) => void
  stop: AbortSignal
  following: Following
  /** Drawing a large graph takes longer than a frame: the page rests then, so that it stays quick. */
  restUntil: number
  /** Changes that wait for the next animation frame. */
  pending: ExecutionChange[]
  source?: EventSource | undefined
  /** The next attempt, after one has failed. */
  retry?: ReturnType<typeof setTimeout>
  heardAt: number
}

function publish(follower: Follower, following: Following): void {
  if (follower.stop.aborted) return
  follower.following = following
  follower.show(following)
}

function begin(follower: Follower): void {
  rest(follower)
  if (follower.following.live === 'refused') publish(follower, { live: 'loading' })
  load(follower).catch((error: unknown) => {
    if (isRefusal(error)) return publish(follower, { live: 'refused', error })
    publish(follower, { ...follower.following, live: 'reconnecting', error })
    beginLater(follower)
  })
}

function beginLater(follower: Follower): void {
  clearTimeout(follower.retry)
  if (!follower.stop.aborted) follower.retry = setTimeout(() => begin(follower), retryMs)
}

function rest(follower: Follower): void {
  clearTimeout(follower.retry)
  follower.source?.close()
  follower.source = undefined
}

async function load(follower: Follower): Promise<void> {
  const { execution, runs } = await readExecution(follower.id, follower.stop)
  publish(follower, { state: firstState(execution, runs), live: follower.following.live })
  connect(follower)
}

function connect(follower: Follower): void {
  const { state } = follower.following
  if (follower.stop.aborted || !state) return
  follower.source?.close()
  const query = { since: state.execution.seq, stay: true }
  const source = new EventSource(urlOf(executionEvents, { params: { id: follower.id }, query }))
  follower.source = source
  follower.heardAt = Date.now()
  source.addEventListener('open', () => heard(follower))
  source.addEventListener('beat', () => heard(follower))
  source.addEventListener('change', (event: MessageEvent<string>) => {
    heard(follower)
    take(follower, JSON.parse(event.data))
  })
  source.addEventListener('error', () => {
    setLive(follower, 'reconnecting')
    // The browser tries again by itself, unless the server refused: why, tells reading it anew.
    if (source.readyState === EventSource.CLOSED && follower.source === source) beginLater(follower)
  })
}

function heard(follower: Follower): void {
  follower.heardAt = Date.now()
  setLive(follower, 'live')
}

/** A connection may look open and be dead. */
function watch(follower: Follower): void {
  if (follower.following.live !== 'live' || document.hidden) return
  if (Date.now() - follower.heardAt < staleMs) return
  setLive(follower, 'stale')
  connect(follower)
}

function restWhileHidden(follower: Follower): () => void {
  let resting: ReturnType<typeof setTimeout> | undefined
  const onChange = () => {
    clearTimeout(resting)
    if (document.hidden) resting = setTimeout(() => follower.source?.close(), restAfterMs)
    else if (follower.source?.readyState === EventSource.CLOSED) connect(follower)
  }
  document.addEventListener('visibilitychange', onChange)
  return () => {
    clearTimeout(resting)
    document.removeEventListener('visibilitychange', onChange)
  }
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
