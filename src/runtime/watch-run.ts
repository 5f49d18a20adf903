// Shows a run that lasts: its row after a moment, its log as it grows. One save each, through the gate.
import type { LogRow } from '../store/save.ts'
import type { Core } from './core.ts'
import type { Gate } from './gate.ts'
import type { Message } from './live.ts'
import type { Effect } from './turn.ts'

/** An effect that lasts longer than this gets its row while it runs: input, start, worker, log so far. */
const showAfterMs = 50
const logEveryMs = 500

export interface Watch {
  input(input: string): void
  /** The resolved input, once it is known. */
  known(): { input?: string }
  /** No row has been written for this attempt. */
  unseen(): boolean
  /** Log lines no save has taken yet. */
  unwritten(): LogRow[]
  stop(): void
}

interface Watched {
  effect: Effect
  claim: NonNullable<Message['claim']>
  logs: LogRow[]
}

export function watchRun(core: Core, gate: Gate, watched: Watched): Watch {
  const startedAt = Math.round(core.clock.now())
  const { effect, logs, claim } = watched
  let input: string | undefined
  let written = 0
  let shown = false
  const known = () => (input === undefined ? {} : { input })

  async function show(): Promise<void> {
    if (shown && written === logs.length) return
    shown = true
    const before = written
    const fresh = logs.slice(before)
    written = logs.length
    const { run, attempt, node } = effect
    const note = { run, attempt, node, status: 'running', startedAt, worker: core.worker, ...known() }
    try {
      await gate.send(claim.live.id, { note, claim, facts: { logs: fresh } })
    } catch {
      // The result will bring these lines along; those written already are not written twice.
      written = Math.min(written, before)
    }
  }

  // Most effects end before the first of these: it is the only timer they cost.
  let timer = setTimeout(function again() {
    timer = setTimeout(again, logEveryMs)
    void show()
  }, showAfterMs)
  return {
    input(text) {
      input = text
    },
    known,
    unseen: () => !shown,
    unwritten: () => logs.slice(written),
    stop() {
      clearTimeout(timer)
    },
  }
}
