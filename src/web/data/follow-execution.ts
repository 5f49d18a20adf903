// Follows one execution: loads it, then merges live changes at most once per animation frame.
import { getExecution } from '../../api/contract/executions.ts'
import { type ExecutionChange, executionEvents } from '../../api/contract/live.ts'
import { listNodeRuns, type NodeRun } from '../../api/contract/node-runs.ts'
import { urlOf } from '../../client/client.ts'
import { isEnded } from '../../core/statuses.ts'
import { api } from './client.ts'
import { firstState, type LiveExecution, mergeChanges } from './live-state.ts'

/** `loading`: not connected yet. */
export type LiveStatus = 'loading' | 'live' | 'reconnecting' | 'ended'

export interface Following {
  state?: LiveExecution
  error?: unknown
  live: LiveStatus
}

const retryMs = 2000

export interface Follow {
  stop: () => void
  /** Starts over: after an act that reopened an ended execution, or after an error. */
  again: () => void
}

/** Calls `show` with every new picture. */
export function followExecution(id: string, show: (following: Following) => void): Follow {
  const stop = new AbortController()
  const follower: Follower = { id, show, stop: stop.signal, following: { live: 'loading' }, pending: [] }
  const begin = () => {
    follower.source?.close()
    load(follower).catch((error: unknown) =>
      publish(follower, { ...follower.following, live: 'ended', error }),
    )
  }
  stop.signal.addEventListener('abort', () => follower.source?.close())
  begin()
  return { stop: () => stop.abort(), again: begin }
}

interface Follower {
  id: string
  show: (following: Following) => void
  stop: AbortSignal
  following: Following
  /** Changes that wait for the next animation frame. */
  pending: ExecutionChange[]
  source?: EventSource
}

function publish(follower: Follower, following: Following): void {
  if (follower.stop.aborted) return
  follower.following = following
  follower.show(following)
}

async function load(follower: Follower): Promise<void> {
  const options = { signal: follower.stop }
  // The head first: what changes while the runs are read comes again with the events.
  const execution = await api.call(getExecution, { params: { id: follower.id } }, options)
  const state = firstState(execution, await loadRuns(follower.id, follower.stop))
  const ended = isEnded(execution.status)
  publish(follower, { state, live: ended ? 'ended' : 'loading' })
  if (!ended) connect(follower)
}

async function loadRuns(id: string, signal: AbortSignal): Promise<NodeRun[]> {
  const runs: NodeRun[] = []
  let cursor: string | undefined
  do {
    const query = { limit: 2000, ...(cursor === undefined ? {} : { cursor }) }
    const page = await api.call(listNodeRuns, { params: { id }, query }, { signal })
    runs.push(...page.items)
    cursor = page.next
  } while (cursor !== undefined)
  return runs
}

function connect(follower: Follower): void {
  if (follower.stop.aborted) return
  const since = follower.following.state?.execution.seq ?? 0
  const source = new EventSource(urlOf(executionEvents, { params: { id: follower.id }, query: { since } }))
  follower.source = source
  const receive = (event: MessageEvent<string>) => take(follower, JSON.parse(event.data))
  source.addEventListener('open', () => setLive(follower, 'live'))
  source.addEventListener('change', receive)
  source.addEventListener('end', (event) => {
    receive(event)
    source.close()
    flush(follower)
    setLive(follower, 'ended')
  })
  source.addEventListener('error', () => {
    setLive(follower, 'reconnecting')
    // The browser tries again by itself, unless the server refused.
    if (source.readyState !== EventSource.CLOSED) return
    setTimeout(() => follower.source === source && connect(follower), retryMs)
  })
}

function setLive(follower: Follower, live: LiveStatus): void {
  if (follower.following.live !== live) publish(follower, { ...follower.following, live })
}

function take(follower: Follower, change: ExecutionChange): void {
  follower.pending.push(change)
  if (follower.pending.length > 1) return
  // No frame comes in a hidden tab; there the next picture can wait a second.
  if (document.hidden) setTimeout(() => flush(follower), 1000)
  else requestAnimationFrame(() => flush(follower))
}

function flush(follower: Follower): void {
  const { state, live } = follower.following
  const changes = follower.pending.splice(0)
  if (!state || changes.length === 0) return
  const next = mergeChanges(state, changes)
  publish(follower, { state: next, live: isEnded(next.execution.status) ? 'ended' : live })
}
