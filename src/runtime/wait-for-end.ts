// Waits until an execution has ended: hints wake the wait, the row is the truth.
import { AppError } from '../core/errors.ts'
import { type ExecutionStatus, isEnded } from '../core/statuses.ts'
import type { Pool } from '../store/db.ts'
import { readStatus } from '../store/executions.ts'
import type { Engine } from './engine.ts'

export type Listener = Parameters<Engine['onChange']>[0]

const lookMs = 1000

export async function waitForEnd(
  pool: Pool,
  listeners: Set<Listener>,
  wanted: { id: string; ms: number },
): Promise<ExecutionStatus> {
  const deadline = Date.now() + wanted.ms
  for (;;) {
    // Listens before it looks: a change in between is not missed.
    const change = nextChange(listeners, wanted.id)
    try {
      const row = await readStatus(pool, wanted.id)
      if (!row) throw new AppError('not-found', `There is no execution ${wanted.id}.`)
      const status = row.status as ExecutionStatus
      const left = deadline - Date.now()
      if (isEnded(status) || left <= 0) return status
      await change.within(Math.min(left, lookMs))
    } finally {
      change.stop()
    }
  }
}

function nextChange(
  listeners: Set<Listener>,
  id: string,
): { within(ms: number): Promise<void>; stop(): void } {
  let wake: () => void = () => undefined
  let timer: NodeJS.Timeout | undefined
  const changed = new Promise<void>((resolve) => {
    wake = resolve
  })
  const listener: Listener = (other) => {
    if (other === id) wake()
  }
  listeners.add(listener)
  return {
    within(ms) {
      timer = setTimeout(wake, ms)
      return changed
    },
    stop() {
      clearTimeout(timer)
      listeners.delete(listener)
    },
  }
}
