// The parts of the save statement that write the queue. An effect that ends and the next one of its execution share a
// row, changed in place: that costs the database a third of taking one row out and putting another in.

import { type Column, column, json, orNull, type Part, rare, shared, time, usually } from './part.ts'
import type { QueueRow, Save } from './save.ts'

interface Move {
  from: Save['unqueue'][number]
  to: QueueRow
}

const ofQueue = column<QueueRow>()
const ofUnqueue = column<Save['unqueue'][number]>()
const ofMove = column<Move>()

const kind = ofQueue('text', 'kind', (row) => row.kind)

const columnsWith = (kind: Column): readonly Column[] => [
  rare(ofQueue('bigint', 'execution', (row) => orNull(row.execution))),
  ofQueue('text', 'run', (row) => row.run),
  usually(
    1,
    ofQueue('smallint', 'attempt', (row) => row.attempt),
  ),
  kind,
  ofQueue('text', 'workflow', (row) => row.workflow),
  usually(
    0,
    ofQueue('bigint', 'after_ms', (row) => Math.round(row.afterMs ?? 0)),
  ),
  rare(ofQueue('ms', 'at', (row) => row.at ?? null)),
  shared(ofQueue('uuid', 'claimed_by', (row) => orNull(row.claimedBy))),
  rare(ofQueue('smallint', 'crashes', (row) => orNull(row.crashes))),
  rare(ofQueue('json', 'payload', (row) => json(row.payload))),
  rare(ofQueue('text', 'tag', (row) => orNull(row.tag))),
]

const names = 'execution_id, run, attempt, kind, workflow, due_at, claimed_by, crashes, payload, tag'
const values = `coalesce(x.execution, x.id), x.run, x.attempt, x.kind, x.workflow,
  coalesce(${time('at')}, now() + x.after_ms * interval '1 ms'), x.claimed_by, coalesce(x.crashes, 0), x.payload::json, x.tag`

/** Rows that another save may have queued before: they have a key. */
const isRepeatable = ({ kind }: QueueRow): boolean => kind !== 'run'

/** Begins in this process right away, and is like most: what a row has besides is written by inserting it. */
const isPlain = (row: QueueRow): boolean =>
  row.kind === 'run' &&
  row.claimedBy !== undefined &&
  !row.afterMs &&
  row.at === undefined &&
  !row.execution &&
  !row.crashes &&
  row.tag === undefined

/** Which rows become which. Of what is taken out for other reasons too, nothing is to be left. */
function movesOf(save: Save): readonly Move[] {
  if (save.unqueue.length === 0 || save.queue.length === 0 || save.careful || save.held || save.parked)
    return []
  const ended = save.unqueue.filter(({ kind }) => kind === 'run')
  const begun = save.queue.filter(isPlain)
  if (ended.length === 0 || begun.length === 0) return []
  const times = new Map<string, number>()
  for (const row of save.unqueue) times.set(keyOf(row), (times.get(keyOf(row)) ?? 0) + 1)
  const only = ended.filter((row) => times.get(keyOf(row)) === 1)
  return begun.slice(0, only.length).map((to, n) => ({ from: only[n] as Move['from'], to }))
}

const keyOf = ({ run, attempt }: { run: string; attempt: number }): string => `${run} ${attempt}`

function withoutMoved<T>(save: Save, rows: readonly T[], of: (move: Move) => unknown): readonly T[] {
  const moves = movesOf(save)
  if (moves.length === 0) return rows
  const moved = new Set(moves.map(of))
  return rows.filter((row) => !moved.has(row))
}

export const queueParts: readonly Part[] = [
  {
    key: 'd',
    rows: (save) => withoutMoved(save, save.unqueue, ({ from }) => from),
    columns: [
      ofUnqueue('text', 'run', (row) => row.run),
      usually(
        1,
        ofUnqueue('smallint', 'attempt', (row) => row.attempt),
      ),
      usually(
        'run',
        ofUnqueue('text', 'kind', (row) => orNull(row.kind)),
      ),
    ],
    sql: `d as (delete from fermata.queue q using {x} x{saved} where q.execution_id = x.id and q.run = x.run
      and q.attempt = x.attempt and (x.kind is null or q.kind = x.kind))`,
  },
  {
    key: 'm',
    rows: movesOf,
    columns: [
      ofMove('text', 'from_run', ({ from }) => from.run),
      usually(
        1,
        ofMove('smallint', 'from_attempt', ({ from }) => from.attempt),
      ),
      ofMove('text', 'run', ({ to }) => to.run),
      usually(
        1,
        ofMove('smallint', 'attempt', ({ to }) => to.attempt),
      ),
      shared(ofMove('uuid', 'claimed_by', ({ to }) => orNull(to.claimedBy))),
      rare(ofMove('json', 'payload', ({ to }) => json(to.payload))),
    ],
    sql: `m as (update fermata.queue q set run = x.run, attempt = x.attempt, claimed_by = x.claimed_by, crashes = 0,
      payload = x.payload::json, tag = null
      from {x} x{saved} where q.execution_id = x.id and q.run = x.from_run
      and q.attempt = x.from_attempt and q.kind = 'run' returning 1)`,
    demands: '(select count(*) from m) = {count}',
  },
  {
    key: 'q',
    rows: (save) => withoutMoved(save, save.queue, ({ to }) => to).filter((row) => !isRepeatable(row)),
    columns: columnsWith(usually('run', kind)),
    sql: `q as (insert into fermata.queue (${names}) select ${values} from {x} x{saved})`,
  },
  {
    key: 'p',
    rows: (save) => save.queue.filter(isRepeatable),
    columns: columnsWith(kind),
    sql: `p as (insert into fermata.queue (${names}, key)
      select ${values}, x.run || ' ' || x.attempt || ' ' || x.kind from {x} x{saved}
      on conflict (execution_id, key) do update set payload = excluded.payload,
      due_at = excluded.due_at, claimed_by = excluded.claimed_by, crashes = excluded.crashes)`,
  },
]
