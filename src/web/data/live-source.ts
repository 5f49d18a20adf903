// Keeps one stream of the server open: connects anew when it is cut off or falls silent, rests while nobody looks.
import { hasSessionEnded, onSessionChange } from './session-ended.ts'

/** What is known of the connection. `stale`: it is open, but nothing was heard for too long. */
export type SourceStatus = 'live' | 'reconnecting' | 'stale'

interface Listener {
  /** Asked anew for each connection. */
  url: () => string
  onLive: (live: SourceStatus) => void
  onOpen?: () => void
  /** Data of a `change`. */
  onChange: (data: string) => void
  /** The server would not have it; without this it is tried again. */
  onRefused?: () => void
}

export interface LiveSource {
  connect: () => void
  /** Until it is connected anew. */
  disconnect: () => void
  /** For good. */
  close: () => void
}

const retryMs = 2000
/** The server beats every five seconds. */
const staleMs = 15_000
/** Nobody looks: a browser has six connections to share among all its tabs, the seventh tab would wait for ever. */
const restAfterMs = 5000

interface Kept extends Listener {
  /** It is to be connected, once somebody looks. */
  isWanted: boolean
  source?: EventSource | undefined
  live?: SourceStatus | undefined
  heardAt: number
  retry?: ReturnType<typeof setTimeout>
}

/** Opens nothing before `connect` is called. */
export function liveSource(listener: Listener): LiveSource {
  const kept: Kept = { ...listener, isWanted: false, heardAt: 0 }
  const watching = setInterval(() => watch(kept), staleMs / 3)
  const unwatchTab = restWhileHidden(kept)
  const unsubscribe = onSessionChange(() => !hasSessionEnded() && comeBack(kept))
  return {
    connect: () => connect(kept),
    disconnect: () => disconnect(kept),
    close() {
      disconnect(kept)
      clearInterval(watching)
      unwatchTab()
      unsubscribe()
    },
  }
}

function tell(kept: Kept, live: SourceStatus): void {
  if (kept.live === live) return
  kept.live = live
  kept.onLive(live)
}

function heard(kept: Kept): void {
  kept.heardAt = Date.now()
  tell(kept, 'live')
}

function disconnect(kept: Kept): void {
  kept.isWanted = false
  clearTimeout(kept.retry)
  kept.source?.close()
  kept.source = undefined
  kept.live = undefined
}

function connect(kept: Kept): void {
  clearTimeout(kept.retry)
  kept.source?.close()
  kept.isWanted = true
  // Opened behind the tab in front, as one opens several from a list.
  if (document.hidden) return
  const source = new EventSource(kept.url())
  kept.source = source
  kept.heardAt = Date.now()
  source.addEventListener('open', () => {
    heard(kept)
    kept.onOpen?.()
  })
  source.addEventListener('beat', () => heard(kept))
  source.addEventListener('change', (event: MessageEvent<string>) => {
    heard(kept)
    kept.onChange(event.data)
  })
  source.addEventListener('error', () => {
    tell(kept, 'reconnecting')
    // The browser tries again by itself, unless the server refused.
    if (source.readyState === EventSource.CLOSED && kept.source === source) refused(kept)
  })
}

function refused(kept: Kept): void {
  if (kept.onRefused) return kept.onRefused()
  // Who has to sign in first is connected then.
  kept.retry = setTimeout(() => !hasSessionEnded() && connect(kept), retryMs)
}

/** A connection may look open and be dead: a machine has slept, a cable was pulled. */
function watch(kept: Kept): void {
  if (kept.live !== 'live' || document.hidden) return
  if (Date.now() - kept.heardAt < staleMs) return
  tell(kept, 'stale')
  connect(kept)
}

function comeBack(kept: Kept): void {
  const isOpen = kept.source !== undefined && kept.source.readyState !== EventSource.CLOSED
  if (kept.isWanted && !isOpen) connect(kept)
}

function restWhileHidden(kept: Kept): () => void {
  let resting: ReturnType<typeof setTimeout> | undefined
  const onChange = () => {
    clearTimeout(resting)
    if (document.hidden) resting = setTimeout(() => kept.source?.close(), restAfterMs)
    else comeBack(kept)
  }
  document.addEventListener('visibilitychange', onChange)
  return () => {
    clearTimeout(resting)
    document.removeEventListener('visibilitychange', onChange)
  }
}
