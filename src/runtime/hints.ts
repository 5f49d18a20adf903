// NOTIFY between processes: coalesced, off the hot transactions, never more than a hint (rule 24).

import type { Pool } from '../store/db.ts'
import { createListener } from '../store/listen.ts'
import type { Core } from './core.ts'

export interface Hint {
  changed: { id: string; seq: number }[]
  work: boolean
}

export interface Hints {
  announce(id: string, seq: number): void
  announceWork(): void
  /** Once this process is registered: those who are there learn of it, and it of them; a change before is not announced. */
  greet(): Promise<void>
  onHint(handler: (hint: Hint) => void): void
  stop(): Promise<void>
}

const everyMs = 25
/** A payload of NOTIFY may have 8,000 bytes; beyond that many executions their pages poll. */
const maxChanged = 200

export async function listenForHints(pool: Pool, core: Core): Promise<Hints> {
  let handler: (hint: Hint) => void = () => undefined
  const changed = new Map<string, number>()
  let work = false
  let timer: NodeJS.Timeout | undefined
  const listener = await createListener(pool, 'fermata', {
    onMessage(payload, meet) {
      const hint = parseHint(payload)
      if (!hint || hint.from === core.process) return
      meet()
      handler(hint)
    },
    onError: (error) => core.log.warn({ err: error }, 'The connection for hints was lost; polling goes on'),
  })

  function flush(): void {
    timer = undefined
    if (!listener.hasCompany()) {
      changed.clear()
      work = false
      return
    }
    const list = [...changed].slice(0, maxChanged).map(([id, seq]) => ({ id, seq }))
    const payload = JSON.stringify({ from: core.process, changed: list, work })
    changed.clear()
    work = false
    listener.notify(payload).catch(() => undefined)
  }

  function soon(): void {
    timer ??= setTimeout(flush, everyMs)
  }

  return {
    announce(id, seq) {
      changed.set(id, seq)
      soon()
    },
    announceWork() {
      work = true
      soon()
    },
    async greet() {
      const hello = JSON.stringify({ from: core.process, changed: [], work: false })
      await listener.greet(hello).catch(() => undefined)
    },
    onHint(next) {
      handler = next
    },
    async stop() {
      clearTimeout(timer)
      await listener.close()
    },
  }
}

/** Anybody who may use the database may notify: what is not a hint is none. */
function parseHint(payload: string): (Hint & { from: string }) | undefined {
  try {
    const hint = JSON.parse(payload) as Partial<Hint & { from: string }> | null
    if (typeof hint?.from !== 'string' || !Array.isArray(hint.changed)) return undefined
    return { from: hint.from, work: hint.work === true, changed: hint.changed }
  } catch {
    return undefined
  }
}
