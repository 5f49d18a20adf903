// NOTIFY: between processes coalesced and off the hot transactions, from rows whose change wakes who sleeps until
// something is due (docs/adr/0024); never more than a hint (rule 24).

import type { Pool } from '../store/db.ts'
import { createListener } from '../store/listen.ts'
import type { Core } from './core.ts'

/** What is looked at seldom while nothing is to be done. */
export type Look = 'schedules' | 'batches'
const everyLook: readonly Look[] = ['schedules', 'batches']

export interface Hint {
  changed: { id: string; seq: number }[]
  work: boolean
}

/** As it is sent. `from`: the process, absent in what a changed row says of itself. */
interface Message extends Hint {
  from?: string
  looks: readonly Look[]
}

export interface Hints {
  announce(id: string, seq: number): void
  announceWork(): void
  /** Whether another process is there that could hear a hint: else nothing is announced. */
  company(isThere: boolean): void
  /** Once this process is registered: those who are there learn of it; a change before is not announced. */
  greet(): Promise<void>
  onHint(handler: (hint: Hint) => void): void
  /** People have changed something there. Returns the unsubscribe function. */
  onLook(look: Look, listener: () => void): () => void
  stop(): Promise<void>
}

const everyMs = 25
/** A payload of NOTIFY may have 8,000 bytes; beyond that many executions their pages poll. */
const maxChanged = 200

export async function listenForHints(pool: Pool, core: Core): Promise<Hints> {
  let handler: (hint: Hint) => void = () => undefined
  let changed = new Map<string, number>()
  let work = false
  let hasCompany = false
  let timer: NodeJS.Timeout | undefined
  const lookers = new Map(everyLook.map((look) => [look, new Set<() => void>()]))

  function tell({ looks, ...hint }: Message): void {
    handler(hint)
    for (const look of looks) for (const listener of lookers.get(look) ?? []) listener()
  }

  const listener = await createListener(pool, 'fermata', {
    onMessage(payload) {
      const hint = parseHint(payload)
      if (!hint || hint.from === core.process) return
      if (hint.from !== undefined) hasCompany = true
      tell(hint)
    },
    onError: (error) => core.log.warn({ err: error }, 'The connection for hints was lost; polling goes on'),
    onReturn: () => tell({ changed: [], work: true, looks: everyLook }),
  })

  function flush(): void {
    timer = undefined
    if (!hasCompany) {
      changed = new Map()
      work = false
      return
    }
    const list = [...changed].slice(0, maxChanged).map(([id, seq]) => ({ id, seq }))
    const payload = JSON.stringify({ from: core.process, changed: list, work })
    changed = new Map()
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
    company(isThere) {
      hasCompany = isThere
    },
    async greet() {
      const hello = JSON.stringify({ from: core.process, changed: [], work: false })
      await listener.notify(hello).catch(() => undefined)
    },
    onHint(next) {
      handler = next
    },
    onLook(look, listener) {
      lookers.get(look)?.add(listener)
      return () => lookers.get(look)?.delete(listener)
    },
    async stop() {
      clearTimeout(timer)
      await listener.close()
    },
  }
}

/** Anybody who may use the database may notify: what is not a hint is none. */
function parseHint(payload: string): Message | undefined {
  try {
    const hint = JSON.parse(payload) as Partial<Message> | null
    const looks = everyLook.filter((look) => hint?.looks?.includes(look))
    if (looks.length > 0) return { changed: [], work: false, looks }
    if (typeof hint?.from !== 'string' || !Array.isArray(hint.changed)) return undefined
    return { from: hint.from, work: hint.work === true, changed: hint.changed, looks }
  } catch {
    return undefined
  }
}
