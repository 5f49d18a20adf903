// The changes of one execution, from the beginning to its end, over lost connections too.
import { setTimeout as pause } from 'node:timers/promises'
import { type ExecutionChange, executionEvents } from '../../api/contract/live.ts'
import type { Client } from '../../client/client.ts'
import { readEvents } from '../../client/events.ts'
import { isEnded } from '../../core/statuses.ts'

const mostFailures = 20

/** What comes after the change `seen`; 0 is everything. Ends after the change that ended the execution, or when `signal` is aborted. */
export async function* followExecution(
  client: Client,
  { id, seen }: { id: string; seen: number },
  signal: AbortSignal,
): AsyncGenerator<ExecutionChange> {
  const at = { id, seen: String(seen), failures: 0 }
  while (!signal.aborted) {
    try {
      for await (const change of changesSince(client, at, signal)) {
        yield change
        if (isEnded(change.execution.status)) return
      }
    } catch (error) {
      if (signal.aborted) return
      at.failures += 1
      if (at.failures > mostFailures || isFinal(error)) throw error
    }
    await pause(500, undefined, { signal }).catch(() => undefined)
  }
}

/** Until the connection ends. */
async function* changesSince(
  client: Client,
  at: { id: string; seen: string; failures: number },
  signal: AbortSignal,
): AsyncGenerator<ExecutionChange> {
  const options = { lastEventId: at.seen, signal }
  const response = await client.open(executionEvents, { params: { id: at.id } }, options)
  for await (const event of readEvents(response)) {
    at.seen = event.id
    at.failures = 0
    yield JSON.parse(event.data) as ExecutionChange
  }
}

/** What asking again does not mend: no such execution, no right to see it. */
function isFinal(error: unknown): boolean {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined
  return typeof status === 'number' && status >= 400 && status < 500
}
