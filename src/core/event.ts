// What can happen to an execution. Every event about a run names the attempt it belongs to.
import type { CancelReason, FailureKind, WaitKind } from './statuses.ts'

export type ExecutionEvent =
  | { type: 'started' }
  | RunEvent
  | ActEvent
  /** The wall time of the execution is over, its parent was canceled, somebody terminated it. */
  | { type: 'terminated'; reason: CancelReason }

export type RunEvent = { run: string; attempt: number } & (
  | { type: 'bound'; count: number }
  /** The items of a container; null: a `while` loop whose first iteration is due. */
  | { type: 'each'; count: number | null }
  /** A `while` loop's answer: is there a next iteration? */
  | { type: 'decided'; more: boolean }
  | { type: 'done'; ports: readonly string[]; end?: 'completed' | 'failed' }
  | { type: 'waiting'; for: WaitKind }
  /** What the run waited for has come. */
  | { type: 'woken' }
  /** A delayed attempt has been taken up by a worker. */
  | { type: 'began' }
  | { type: 'risky' }
  /** `final`: the retry policy does not apply (a poisoned run). */
  | { type: 'failed'; kind: FailureKind; final?: true }
  | { type: 'timed-out' }
)

/** What operators do; `attempt` makes a repeated or late click harmless. */
export type ActEvent =
  | { type: 'paused' }
  | { type: 'resumed' }
  /** `items`: of a bound node or container, only these keys; default all that failed. Reopens an ended execution. */
  | { type: 'retried'; run: string; attempt?: number; items?: readonly string[] }
  | { type: 'skipped'; run: string; attempt?: number }
  | { type: 'completed'; run: string; attempt?: number; port?: string }
  | { type: 'chosen'; run: string; attempt?: number; port: string }
  | { type: 'confirmed'; run: string; attempt?: number }
  /** A held bound node gets other records: `count` of them. */
  | { type: 'rebound'; run: string; attempt?: number; count: number }
