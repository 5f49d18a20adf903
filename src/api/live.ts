// Server-sent events: rows with a seq greater than the last one sent. Hints wake it; a poll finds what hints missed.
import { Readable } from 'node:stream'
import type { Caller } from '../access/permissions.ts'
import { visibleWorkflows } from '../access/permissions.ts'
import { isEnded } from '../core/statuses.ts'
import type { Engine } from '../runtime/engine.ts'
import type { Db } from '../store/db.ts'
import { type ExecutionRow, findExecutionRows, findSeq } from '../store/executions-read.ts'
import { nodeRunsSince } from '../store/node-runs-read.ts'
import type { ExecutionChange, ListChange } from './contract/live.ts'
import { openChanges, type Woken } from './live-changes.ts'
import { readExecution } from './read-execution.ts'
import type { SharedReads } from './shared-reads.ts'
import { nodeRunView, runsView } from './views/node-run.ts'
import { isoOrNull, present } from './views/present.ts'

export interface LiveDeps {
  db: Db
  reads: SharedReads
  engine: Pick<Engine, 'onChange'>
  /** Aborted when the server closes. */
  closing: AbortSignal
  /** The caller with the rights they have now, undefined when they may not see this any more; asked with every heartbeat. */
  callerNow(): Promise<Caller | undefined>
  /** Default 5 s and 3 s. */
  beatMs?: number
  pollMs?: number
}

const pageSize = 500

interface Following {
  id: string
  since: number
  /** Go on after its end: it may be reopened. */
  stay: boolean
  caller: Caller
}

/** Follows one execution from `since` until it has ended. */
export function executionStream(deps: LiveDeps, at: Following): Readable {
  return streamOf(deps, (signal) => executionMessages(deps, at, signal))
}

/** Follows which executions of the list change. */
export function listStream(deps: LiveDeps, caller: Caller): Readable {
  return streamOf(deps, (signal) => listMessages(deps, caller, signal))
}

/**
 * A stream pulls its next message only when the reader has taken the last: a slow reader costs one message,
 * and gets the latest state once it reads again.
 */
function streamOf(deps: LiveDeps, messages: (signal: AbortSignal) => AsyncGenerator<string>): Readable {
  const gone = new AbortController()
  const stream = Readable.from(messages(AbortSignal.any([gone.signal, deps.closing])), { highWaterMark: 1 })
  stream.once('close', () => gone.abort())
  return stream
}

async function* executionMessages(
  deps: LiveDeps,
  following: Following,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const changes = openChanges(deps, signal, (hinted) => hinted === following.id)
  const at = { ...following }
  try {
    yield ': here\n\n'
    for (;;) {
      for await (const change of changesSince(deps.reads, at)) {
        yield message(change)
        if (change.ended) return
        at.since = change.seq
      }
      const woken = await changes.next()
      const caller = await callerAt(deps, woken, at.caller)
      if (!caller) return
      at.caller = caller
      if (woken === 'beat') yield beat
    }
  } finally {
    changes.close()
  }
}

/** An event, not a comment: browsers tell their pages of no comment. */
const beat = 'event: beat\ndata: {}\n\n'

/** Rights may change while somebody looks on. Undefined: the stream is over. */
async function callerAt(deps: LiveDeps, woken: Woken, known: Caller): Promise<Caller | undefined> {
  if (woken === 'closed') return undefined
  return woken === 'beat' ? deps.callerNow() : known
}

/** Everything after `since`, in pages. */
async function* changesSince(reads: SharedReads, following: Following): AsyncGenerator<Change> {
  const now = await findSeq(reads.db, following.id)
  let from = following.since
  while (now && (now.seq > from || (now.ended && !following.stay))) {
    const change = await nextChange(reads, { ...following, since: from })
    yield change
    from = change.seq
    if (change.complete) return
  }
}

interface Change {
  seq: number
  /** Nothing is left for another page. */
  complete: boolean
  ended: boolean
  data: ExecutionChange
}

async function nextChange(reads: SharedReads, { id, since, stay, caller }: Following): Promise<Change> {
  const { row, document, head, mayRun } = await readExecution(reads, id, caller)
  const rows = await nodeRunsSince(reads.db, id, { seq: since, limit: pageSize })
  const complete = rows.length < pageSize
  const view = await runsView(reads.db, row, { document, mayRun, caller })
  return {
    // The head was read first: what was saved in between comes again with the next message.
    seq: complete ? row.seq : Math.min(row.seq, rows.at(-1)?.seq ?? row.seq),
    complete,
    ended: complete && !stay && isEnded(row.status),
    data: { execution: head, runs: rows.map((run) => nodeRunView(run, view)) },
  }
}

const message = ({ seq, ended, data }: Change) =>
  `event: ${ended ? 'end' : 'change'}\nid: ${seq}\ndata: ${JSON.stringify(data)}\n\n`

async function* listMessages(deps: LiveDeps, caller: Caller, signal: AbortSignal): AsyncGenerator<string> {
  const changes = openChanges(deps, signal, () => true)
  let by = caller
  try {
    yield ': here\n\n'
    for (;;) {
      const woken = await changes.next()
      const now = await callerAt(deps, woken, by)
      if (!now) return
      by = now
      if (woken === 'beat') yield beat
      const ids = changes.take()
      const rows = ids.length > 0 ? await findExecutionRows(deps.db, ids, visibleWorkflows(by)) : []
      if (rows.length === 0) continue
      const items = rows.map(listChange)
      yield `event: change\ndata: ${JSON.stringify({ items } satisfies ListChange)}\n\n`
    }
  } finally {
    changes.close()
  }
}

const listChange = ({ startedAt, endedAt, ...row }: ExecutionRow): ListChange['items'][number] => {
  const { id, workflow, status, waiting, attention, seq } = row
  const times = present({ startedAt: isoOrNull(startedAt), endedAt: isoOrNull(endedAt) })
  return { id, workflow, status, waiting, attention, seq, ...times }
}
