// What the core asks of the runtime. Data, in order of occurrence.
import type { CancelReason, ExecutionStatus, FailureKind, ManualAct, RunStatus } from './statuses.ts'

export type Command =
  /** Dispatch an attempt, now or after a delay. `group` makes the idempotency key. */
  | {
      type: 'run'
      run: string
      node: string
      attempt: number
      group: number
      afterMs?: number
      confirmed?: true
    }
  /** What it waited for has come: call the node type's `resume`. */
  | { type: 'resume'; run: string; node: string; attempt: number }
  /** Ask a `while` loop whether to go on with iteration `index`. */
  | { type: 'decide'; run: string; node: string; attempt: number; index: number }
  /** Evaluate the binding of a bound node; answered by `bound`. */
  | { type: 'bind'; run: string; node: string; attempt: number }
  /** Send `timed-out` when the time is over and the attempt is still live. */
  | { type: 'timer'; run: string; node: string; attempt: number; afterMs: number }
  /** End what this attempt has going outside: effect, timer, task, child execution. */
  | { type: 'stop'; run: string; attempt: number }
  /** The status of an attempt changed: to be recorded. */
  | Mark
  /** Queued effects stay queued while the execution is paused; children follow. */
  | { type: 'hold' }
  | { type: 'release' }
  | { type: 'reopen' }
  | { type: 'finish'; status: ExecutionStatus; reason?: CancelReason; run?: string }

export interface Mark {
  type: 'mark'
  run: string
  node: string
  attempt: number
  status: RunStatus
  manual?: ManualAct
  /** Counts of a container or bound node. */
  summary?: { total: number; completed: number; failed: number; canceled: number }
  /** The failure of this kind was accepted by `onError: continue`: the output is `{ error }`. */
  tolerated?: FailureKind
}
