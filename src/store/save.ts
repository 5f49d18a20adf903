// What one transition of one execution leaves behind: plain rows, written together or not at all.

/** One execution's next state and everything that belongs to it. Times are milliseconds since 1970. */
export interface Save {
  id: string
  /** The seq this save is based on; 0 inserts the execution. */
  seq: number
  insert?: NewExecution
  header: Header
  runs: RunRow[]
  queue: QueueRow[]
  /** Rows of the queue that are done with; `kind` undefined: all kinds of that attempt. */
  unqueue: { run: string; attempt: number; kind?: string }[]
  tasks: TaskRow[]
  /** Open tasks of these runs are closed: answered (`answer` given) or canceled. */
  closeTasks: { run: string; attempt: number; answer?: unknown; by?: string }[]
  bindings: BindingRow[]
  /** Outputs too large for their row, as JSON text. */
  blobs: { run: string; attempt: number; content: string }[]
  logs: LogRow[]
  acts: ActRow[]
  /** Queued effects of the whole execution are put out of reach, or within it again (pause and resume). */
  held?: 'hold' | 'release'
  /** Effects of this process that go back to the queue, out of reach until the execution is resumed. */
  parked?: { run: string; attempt: number }[]
  /**
   * Nothing is taken for granted, as something was not so: each row asks whether the guard held, and rows of the queue
   * are taken out and put in instead of changed.
   */
  careful?: true
  /** The execution lets go of the records it holds. */
  releaseLocks?: boolean
}

export interface NewExecution {
  workflow: string
  version: number
  /** Started by number: need not be the published version. Otherwise the insert checks that it still is. */
  pinned: boolean
  test: boolean
  inputs: unknown
  target?: { collection: string; id: string; label: string }
  trigger: string
  startedBy: string
  parent?: { execution: string; run: string; attempt: number }
  depth: number
  dedupKey?: string
  concurrencyKey?: string
  /** W3C traceparent. */
  trace?: string
  createdAt: number
}

export interface Header {
  status: string
  waiting: boolean
  attention: boolean
  reason?: string
  snapshot: string
  /** Node runs this save dispatches. */
  dispatched?: number
  output?: unknown
  error?: unknown
  startedAt?: number
  /** null: the execution has been reopened. */
  endedAt?: number | null
}

export interface RunRow {
  run: string
  attempt: number
  node: string
  status: string
  /** No row of this attempt can exist yet: a plain insert does, which is cheaper than one that looks first. */
  fresh?: boolean
  /** Began and ended in this save, and shares a row with others of it (`run-packs.ts`). */
  packed?: boolean
  record?: string
  manual?: unknown
  wait?: unknown
  /** JSON text, written once by whoever made the value. */
  input?: string
  output?: string
  error?: unknown
  startedAt?: number
  endedAt?: number
  worker?: string
}

export interface QueueRow {
  execution?: string
  run: string
  attempt: number
  kind: 'run' | 'resume' | 'wake' | 'timeout' | 'start' | 'deadline' | 'act'
  workflow: string
  /** Milliseconds from now by the database clock; or an absolute time. */
  afterMs?: number
  at?: number
  claimedBy?: string
  /** Of the attempts this one repeats. */
  crashes?: number
  /** Only processes with this tag may claim it. */
  tag?: string
  payload?: unknown
}

export interface TaskRow {
  run: string
  attempt: number
  kind: string
  title: string
  description?: string
  assignees: string[]
  form?: unknown
  options?: string[]
  dueAfterMs?: number
}

export interface BindingRow {
  run: string
  collection: string
  records: string[]
  labels: string[]
  mode: string
  toOne: boolean
}

export interface LogRow {
  run: string
  attempt: number
  line: number
  at: number
  level: string
  text: string
}

export interface ActRow {
  run?: string
  act: string
  by: string
  reason?: string
  details?: unknown
}
