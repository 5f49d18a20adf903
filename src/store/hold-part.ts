// Effects of a paused execution stay in the queue, due never; resumed they are due at once.

import { column as columnOf, type Part } from './part.ts'
import type { Save } from './save.ts'

interface Hold {
  hold: boolean
  run: string | null
  attempt: number | null
  /** Rows that this save takes out of the queue: one statement cannot change them too. */
  done: string
}

function holdsOf(save: Save): Hold[] {
  const done = JSON.stringify(save.unqueue.map(({ run, attempt }) => `${run} ${attempt}`))
  const parked = (save.parked ?? []).map((row) => ({ ...row, hold: true, done }))
  if (!save.held) return parked
  return [...parked, { hold: save.held === 'hold', run: null, attempt: null, done }]
}

const ofHold = columnOf<Hold>()
const column = (type: string, name: keyof Hold) => ofHold(type, name, (row) => row[name])

/** What is due later is not held: whoever claims it then finds the execution paused, and parks it. */
export const holdPart: Part = {
  key: 'h',
  rows: holdsOf,
  columns: [
    column('boolean', 'hold'),
    column('text', 'run'),
    column('smallint', 'attempt'),
    column('text', 'done'),
  ],
  sql: `h as (update fermata.queue q set claimed_by = null,
    due_at = case when x.hold then 'infinity'::timestamptz else now() end from {x} x{saved}
    where q.execution_id = x.id and q.kind = 'run' and case
      when x.run is not null then q.run = x.run and q.attempt = x.attempt
      when x.hold then q.claimed_by is null and q.due_at <= now()
      else q.due_at = 'infinity' end
    and not (q.run || ' ' || q.attempt) = any(array(select json_array_elements_text(x.done::json))))`,
}
