// The result of an effect must not get lost: it is sent until the gate has taken it, or somebody else answers for it.
import { AppError } from '../core/errors.ts'
import { isTransient } from './committer.ts'
import type { Core } from './core.ts'
import type { Gate } from './gate.ts'
import type { Message } from './live.ts'
import { idsOf } from './log-turn.ts'
import type { InFlight } from './worker.ts'

const retryMs = 100
const maxRetryMs = 5000

/** Resolves with false when the result cannot be saved at all. */
export async function reportResult(
  core: Core,
  gate: Gate,
  result: { flight: InFlight; message: Message },
): Promise<boolean> {
  const { flight } = result
  let { message } = result
  for (let delay = retryMs; !flight.lost; ) {
    try {
      await gate.send(flight.execution, message)
      return true
    } catch (error) {
      if (error instanceof AppError && error.code === 'not-found') return true
      if (isTemporary(error)) {
        await new Promise((resolve) => setTimeout(resolve, delay).unref())
        delay = Math.min(delay * 2, maxRetryMs)
      } else if (message === result.message) {
        core.log.warn({ err: error, ...idsOf(flight) }, 'The result of a node run cannot be saved; it fails')
        message = unsaved(result, error)
      } else {
        core.log.error({ err: error, ...idsOf(flight) }, 'The result of a node run was not saved')
        return false
      }
    }
  }
  return true
}

function isTemporary(error: unknown): boolean {
  return isTransient(error) || (error instanceof AppError && error.code === 'conflict')
}

/** The effect has happened, only its result cannot be kept: final, because a repetition would repeat the effect. */
function unsaved({ flight, message }: { flight: InFlight; message: Message }, error: unknown): Message {
  const { run, attempt } = flight
  const reason = error instanceof Error ? error.message : String(error)
  const detail = `The effect happened, but its result cannot be saved: ${reason}`
  return {
    event: { type: 'failed', run, attempt, kind: 'error', final: true },
    ...(message.claim ? { claim: message.claim } : {}),
    facts: { error: { kind: 'error', code: 'not-saved', message: detail.slice(0, 2000) } },
  }
}
