// Hints of the engine, coalesced until somebody asks: how often a change is hinted does not matter.
import type { Engine } from '../runtime/engine.ts'

export type Woken =
  /** Something may have changed. */
  | 'change'
  /** Nothing has; show that we are alive. */
  | 'beat'
  /** The reader has gone, or the server closes. */
  | 'closed'

export interface Changes {
  /** Resolves at the next hint, poll or heartbeat. */
  next(): Promise<Woken>
  /** The ids hinted since the last call. */
  take(): string[]
  close(): void
}

interface Source {
  engine: Pick<Engine, 'onChange'>
  beatMs?: number
  pollMs?: number
}

export function openChanges(
  { engine, beatMs = 5_000, pollMs = 3_000 }: Source,
  signal: AbortSignal,
  wants: (id: string) => boolean,
): Changes {
  const hinted = new Set<string>()
  let due: Woken | undefined
  let wake: ((woken: Woken) => void) | undefined
  const notify = (woken: Woken) => {
    if (due !== 'closed') due = woken === 'change' ? (due ?? woken) : woken
    wake?.(due as Woken)
  }
  const unsubscribe = engine.onChange((id) => {
    if (!wants(id)) return
    hinted.add(id)
    notify('change')
  })
  const onAbort = () => notify('closed')
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  const poll = setInterval(() => notify('change'), pollMs)
  const beat = setInterval(() => notify('beat'), beatMs)
  return {
    async next() {
      const woken = due ?? (await new Promise<Woken>((resolve) => (wake = resolve)))
      wake = undefined
      if (woken !== 'closed') due = undefined
      return woken
    },
    take() {
      const ids = [...hinted]
      hinted.clear()
      return ids
    },
    close() {
      clearInterval(poll)
      clearInterval(beat)
      signal.removeEventListener('abort', onAbort)
      unsubscribe()
    },
  }
}
