// The four things a node type can say: done, wait, each, fail.

import type { Json, JsonObject } from './json.ts'
import type { FailureKind } from './statuses.ts'

export type Outcome = Done | Wait | Each | Fail

export interface Done {
  type: 'done'
  output?: Json
  /** The port(s) taken; default `out`. An empty list takes none. */
  port?: string | readonly string[]
  /** Ends the whole execution from here (node type `end`). */
  end?: { status: 'completed' | 'failed'; message?: string }
  /** Also sets the output of the execution (node type `output`). */
  publish?: boolean
}

export type Wait =
  /** When the time has come the run completes with `output`; or is resumed, if its type has `resume`. */
  | { type: 'wait'; for: 'time'; until: { afterMs: number } | { at: string }; output?: Json }
  /** `resume` receives the task's answer. */
  | { type: 'wait'; for: 'person'; task: TaskRequest }
  /** `resume` receives the body of the event delivered under `key`. */
  | { type: 'wait'; for: 'event'; key: string }
  /** `resume` receives `{ id, status, output, error }` of the child execution. */
  | { type: 'wait'; for: 'child'; child: ChildRequest }

export interface TaskRequest {
  kind: 'manual' | 'approval' | 'choice'
  title: string
  description?: string
  /** User names, or `role:<name>`; empty: whoever may operate the workflow. */
  assignees: string[]
  /** JSON Schema of the answer. */
  form?: JsonObject
  /** The ports a person may choose from (`choice`), or the actions offered. */
  options?: string[]
  /** Due after so many milliseconds; shown, and used for reminders. */
  dueAfterMs?: number
}

export interface ChildRequest {
  workflow: string
  version?: number
  target?: { collection: string; id: string }
  inputs?: JsonObject
  /** Not waited for: the run completes with `{ id }` as soon as the child has started. */
  detached?: true
}

/** Only containers answer `each`. */
export type Each =
  /** Run the body once per item; the items are kept as the run's input and seen as `item`. */
  | { type: 'each'; items: Json[] }
  /** Run the body `count` times; `item` is the index. */
  | { type: 'each'; count: number }
  /** Run the body while the container's `resume` goes on answering `each` with `more`. */
  | { type: 'each'; more: boolean }

export interface Fail {
  type: 'fail'
  kind: Exclude<FailureKind, 'canceled'>
  /** Stable, kebab-case, e.g. `http-status`, `exit-code`. */
  code: string
  message: string
  details?: Json
}

/** An error as stored with a node run. */
export interface RunError {
  kind: FailureKind
  code: string
  message: string
  details?: Json
}

export function done(output?: Json, port?: string): Done {
  const outcome: Done = { type: 'done' }
  if (output !== undefined) outcome.output = output
  if (port !== undefined) outcome.port = port
  return outcome
}

export const fail = (kind: Fail['kind'], code: string, message: string, details?: Json): Fail => ({
  type: 'fail',
  kind,
  code,
  message,
  ...(details === undefined ? {} : { details }),
})
