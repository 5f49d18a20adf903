// What the rest of the house may ask of the runtime. Made by `start-engine.ts`.
import type { Json, JsonObject } from '../core/json.ts'
import type { ExecutionStatus } from '../core/statuses.ts'
import type { NodeType } from '../sdk/node-type.ts'
import type { Look } from './hints.ts'
import type { Figures } from './metrics/figures.ts'

/** Who asks: recorded with everything they do. */
export interface Principal {
  /** User name, `execution:<id>` or `system`. */
  name: string
  /** Sees and changes records as this user would; the service role of a workflow for triggers. */
  userId?: string
}

export interface StartRequest {
  workflow: string
  /** Default: the published version. A draft may be started as a test only. */
  version?: number
  test?: boolean
  target?: { collection: string; id: string }
  inputs?: JsonObject
  /** Per node, the ids of the records to work on: what the preview offered, minus what was unchecked. */
  bindings?: Record<string, string[]>
  trigger?: 'manual' | 'api' | 'cli' | 'schedule' | 'batch' | 'event' | 'parent'
  /** A second start with the same key returns the first execution. */
  dedupKey?: string
  /** W3C traceparent of whoever asks. */
  trace?: string
  by: Principal
  parent?: { execution: string; run: string; attempt: number; depth: number }
}

export interface Started {
  id: string
  status: ExecutionStatus
  /** False when `dedupKey` found an earlier execution. */
  created: boolean
}

/** The acts of `design/engine.md` §6. `run` is a node run id such as `restart[host-3]`. */
export type Act =
  | { type: 'pause' | 'resume' | 'terminate'; reason?: string }
  /** Of the execution: every failed run. */
  | { type: 'retry'; reason?: string }
  | {
      type: 'retry-run'
      run: string
      attempt?: number
      reason?: string
      /** Of a bound node: only these records; default the failed ones. */
      records?: string[]
      /** Edited config, merged over the document's for this attempt. */
      config?: JsonObject
    }
  | { type: 'skip'; run: string; attempt?: number; reason?: string }
  | { type: 'complete'; run: string; attempt?: number; reason?: string; output?: Json; port?: string }
  | { type: 'choose'; run: string; attempt?: number; reason?: string; port: string }
  | { type: 'rebind'; run: string; reason?: string; records: string[] }
  /** The attempt is the one that was seen: another may be about to run something else. */
  | { type: 'confirm'; run: string; attempt: number; reason?: string }

/** Risky node runs as a person saw them, each by the attempt that was stopped. */
export interface Confirmation {
  runs: { run: string; attempt: number }[]
  reason?: string
}

/** Run ids. Refused: not risky, or no longer as it was seen. */
export interface Confirmed {
  confirmed: string[]
  refused: string[]
}

export interface Engine {
  readonly nodeTypes: ReadonlyMap<string, NodeType>
  /** What this process counts. */
  readonly figures: Figures
  /** Id of this process, as heartbeats and claims name it. */
  readonly process: string
  /** Answers after the commit. Throws AppError for anything wrong with the request. */
  start(request: StartRequest): Promise<Started>
  /** Throws `illegal-act` when the status does not allow it, `not-found` for an unknown execution or run. */
  act(executionId: string, act: Act, by: Principal): Promise<void>
  /** Throws `illegal-act` when none could be confirmed. */
  confirm(executionId: string, confirmation: Confirmation, by: Principal): Promise<Confirmed>
  /** Ends the wait of the run the task belongs to. `port` for choices: the port taken. */
  answerTask(taskId: string, answer: { output?: Json; port?: string }, by: Principal): Promise<void>
  /** Resolves with the status once the execution has ended or `ms` have passed. */
  waitForEnd(executionId: string, ms: number): Promise<ExecutionStatus>
  /**
   * Hints: this execution has changed up to `seq`. The status is told when the change was made in this process.
   * Returns the unsubscribe function.
   */
  onChange(listener: (executionId: string, seq: number, status?: ExecutionStatus) => void): () => void
  /** Hints: people have changed something there. Returns the unsubscribe function. */
  onLook(look: Look, listener: () => void): () => void
  /** Stops claiming, lets running effects finish or releases them; at most 25 s. */
  stop(): Promise<void>
}
