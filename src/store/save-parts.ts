// The parts of the save statement: which rows of a save they take, their columns, their SQL.
import { holdPart } from './hold-part.ts'
import { column, json, orNull, type Part, rare, shared, time, usually } from './part.ts'
import { queueParts } from './queue-parts.ts'
import { packPart } from './run-packs.ts'
import type { ActRow, BindingRow, Header, LogRow, NewExecution, RunRow, Save, TaskRow } from './save.ts'

const ofInsert = column<NewExecution>()
const ofHeader = column<Header>()
const ofRun = column<RunRow>()
const ofTask = column<TaskRow>()
const ofClose = column<Save['closeTasks'][number]>()
const ofBinding = column<BindingRow>()
const ofBlob = column<Save['blobs'][number]>()
const ofLog = column<LogRow>()
const ofAct = column<ActRow>()

const headerColumns = [
  ofHeader('text', 'status', (row) => row.status),
  usually(
    false,
    ofHeader('boolean', 'waiting', (row) => row.waiting),
  ),
  usually(
    false,
    ofHeader('boolean', 'attention', (row) => row.attention),
  ),
  rare(ofHeader('text', 'reason', (row) => orNull(row.reason))),
  ofHeader('json', 'snapshot', (row) => row.snapshot),
  ofHeader('integer', 'dispatched', (row) => row.dispatched ?? 0),
  rare(ofHeader('json', 'output', (row) => json(row.output))),
  rare(ofHeader('json', 'error', (row) => json(row.error))),
  ofHeader('ms', 'started_at', (row) => row.startedAt ?? null),
  ofHeader('ms', 'ended_at', (row) => row.endedAt ?? null),
]

export const insertPart: Part = {
  key: 'i',
  rows: (save) => (save.insert ? [save.insert] : []),
  columns: [
    ofInsert('text', 'workflow', (row) => row.workflow),
    ofInsert('integer', 'version', (row) => row.version),
    usually(
      false,
      ofInsert('boolean', 'pinned', (row) => row.pinned),
    ),
    usually(
      false,
      ofInsert('boolean', 'test', (row) => row.test),
    ),
    ofInsert('json', 'inputs', (row) => json(row.inputs)),
    rare(ofInsert('text', 'target_collection', (row) => orNull(row.target?.collection))),
    rare(ofInsert('text', 'target_id', (row) => orNull(row.target?.id))),
    rare(ofInsert('text', 'target_label', (row) => orNull(row.target?.label))),
    ofInsert('text', 'trigger', (row) => row.trigger),
    ofInsert('text', 'started_by', (row) => row.startedBy),
    rare(ofInsert('bigint', 'parent_id', (row) => orNull(row.parent?.execution))),
    rare(ofInsert('text', 'parent_run', (row) => orNull(row.parent?.run))),
    rare(ofInsert('smallint', 'parent_attempt', (row) => orNull(row.parent?.attempt))),
    usually(
      0,
      ofInsert('smallint', 'depth', (row) => row.depth),
    ),
    rare(ofInsert('text', 'dedup_key', (row) => orNull(row.dedupKey))),
    rare(ofInsert('text', 'concurrency_key', (row) => orNull(row.concurrencyKey))),
    rare(ofInsert('text', 'trace', (row) => orNull(row.trace))),
    ofInsert('ms', 'created_at', (row) => row.createdAt ?? null),
    ...headerColumns.map((column) => ({
      ...column,
      value: (_row: never, save: Save) => column.value(save.header as never, save),
    })),
  ],
  sql: `{name} as (insert into fermata.executions (id, workflow, version, test, inputs, target_collection, target_id,
    target_label, trigger, started_by, parent_id, parent_run, parent_attempt, depth, dedup_key, concurrency_key, trace,
    created_at, status, waiting, attention, reason, snapshot, dispatched, output, error, started_at, ended_at)
    select x.id, x.workflow, x.version, x.test, x.inputs::json, x.target_collection, x.target_id, x.target_label,
    x.trigger, x.started_by, x.parent_id, x.parent_run, x.parent_attempt, x.depth, x.dedup_key, x.concurrency_key,
    x.trace, ${time('created_at')}, x.status, x.waiting, x.attention, x.reason, x.snapshot::json, x.dispatched,
    x.output::json, x.error::json, ${time('started_at')}, ${time('ended_at')} from {x} x
    where x.pinned or exists (select from fermata.workflows w
      where w.key = x.workflow and w.enabled and w.published_version = x.version)
    on conflict do nothing returning id)`,
}

export const updatePart: Part = {
  key: 'u',
  rows: (save) => (save.insert ? [] : [save.header]),
  columns: [
    ofHeader('integer', 'seq', (_row, save) => save.seq),
    usually(
      false,
      ofHeader('boolean', 'reopened', (row) => row.endedAt === null),
    ),
    ...headerColumns,
  ],
  sql: `{name} as (update fermata.executions e set seq = e.seq + 1, status = x.status, waiting = x.waiting,
    attention = x.attention, reason = x.reason, snapshot = x.snapshot::json, dispatched = e.dispatched + x.dispatched,
    output = coalesce(x.output::json, e.output), error = case when x.reopened then null else coalesce(x.error::json, e.error) end,
    started_at = coalesce(e.started_at, ${time('started_at')}),
    ended_at = case when x.reopened then null else ${time('ended_at')} end
    from {x} x where e.id = x.id and e.seq = x.seq returning e.id)`,
}

const runColumns = [
  ofRun('text', 'run', (row) => row.run),
  usually(
    1,
    ofRun('smallint', 'attempt', (row) => row.attempt),
  ),
  rare(ofRun('text', 'node', (row) => (row.node === row.run ? null : row.node))),
  usually(
    'completed',
    ofRun('text', 'status', (row) => row.status),
  ),
  rare(ofRun('text', 'record', (row) => orNull(row.record))),
  rare(ofRun('json', 'manual', (row) => json(row.manual))),
  rare(ofRun('json', 'wait', (row) => json(row.wait))),
  ofRun('json', 'input', (row) => orNull(row.input)),
  ofRun('json', 'output', (row) => orNull(row.output)),
  rare(ofRun('json', 'error', (row) => json(row.error))),
  ofRun('ms', 'started_at', (row) => row.startedAt ?? null),
  ofRun('ms', 'ended_at', (row) => row.endedAt ?? null),
  shared(ofRun('text', 'worker', (row) => orNull(row.worker))),
  ofRun('integer', 'seq', (_row, save) => save.seq + 1),
]

const runInsert = `(execution_id, run, attempt, node, status, record, manual, wait, input, output, error, started_at,
  ended_at, worker, seq) select x.id, x.run, x.attempt, coalesce(x.node, x.run), x.status, x.record, x.manual::json, x.wait::json,
  x.input::json, x.output::json, x.error::json, ${time('started_at')}, ${time('ended_at')}, x.worker, x.seq
  from {x} x{saved}`

export const parts: readonly Part[] = [
  packPart,
  {
    key: 'n',
    rows: (save) => save.runs.filter((row) => row.fresh && !row.packed),
    columns: runColumns,
    sql: `n as (insert into fermata.node_runs ${runInsert})`,
  },
  {
    key: 'r',
    rows: (save) => save.runs.filter((row) => !row.fresh),
    columns: runColumns,
    sql: `r as (insert into fermata.node_runs as n ${runInsert}
      on conflict (execution_id, run, attempt) do update set status = excluded.status, seq = excluded.seq,
      record = coalesce(excluded.record, n.record), manual = coalesce(excluded.manual, n.manual),
      wait = coalesce(excluded.wait, n.wait), input = coalesce(excluded.input, n.input), output = coalesce(excluded.output, n.output),
      error = excluded.error, started_at = coalesce(n.started_at, excluded.started_at),
      ended_at = excluded.ended_at, worker = coalesce(excluded.worker, n.worker))`,
  },
  ...queueParts,
  {
    key: 't',
    rows: (save) => save.tasks,
    columns: [
      ofTask('text', 'run', (row) => row.run),
      ofTask('smallint', 'attempt', (row) => row.attempt),
      ofTask('text', 'kind', (row) => row.kind),
      ofTask('text', 'title', (row) => row.title),
      ofTask('text', 'description', (row) => orNull(row.description)),
      ofTask('json', 'assignees', (row) => JSON.stringify(row.assignees)),
      ofTask('json', 'form', (row) => json(row.form)),
      ofTask('json', 'options', (row) => json(row.options)),
      ofTask('bigint', 'due_after_ms', (row) => orNull(row.dueAfterMs)),
    ],
    sql: `t as (insert into fermata.tasks (execution_id, run, attempt, kind, title, description, assignees, form, options,
      due_at) select x.id, x.run, x.attempt, x.kind, x.title, x.description,
      array(select json_array_elements_text(x.assignees::json)), x.form::json,
      case when x.options is null then null else array(select json_array_elements_text(x.options::json)) end,
      now() + x.due_after_ms * interval '1 ms' from {x} x{saved} on conflict do nothing)`,
  },
  {
    key: 'c',
    rows: (save) => save.closeTasks,
    columns: [
      ofClose('text', 'run', (row) => row.run),
      ofClose('smallint', 'attempt', (row) => row.attempt),
      ofClose('json', 'answer', (row) => json(row.answer)),
      ofClose('text', 'by', (row) => orNull(row.by)),
    ],
    sql: `c as (update fermata.tasks t set status = case when x.answer is null then 'canceled' else 'done' end,
      answer = x.answer::json, ended_at = now(), ended_by = x.by from {x} x{saved}
      where t.execution_id = x.id and t.run = x.run and t.attempt = x.attempt and t.status = 'open')`,
  },
  {
    key: 'b',
    rows: (save) => save.bindings,
    columns: [
      ofBinding('text', 'run', (row) => row.run),
      ofBinding('text', 'collection', (row) => row.collection),
      ofBinding('json', 'records', (row) => JSON.stringify(row.records)),
      ofBinding('json', 'labels', (row) => JSON.stringify(row.labels)),
      ofBinding('text', 'mode', (row) => row.mode),
      ofBinding('boolean', 'to_one', (row) => row.toOne),
    ],
    sql: `b as (insert into fermata.bindings (execution_id, run, collection, records, labels, mode, to_one)
      select x.id, x.run, x.collection, array(select json_array_elements_text(x.records::json)),
      array(select json_array_elements_text(x.labels::json)), x.mode, x.to_one from {x} x{saved}
      on conflict (execution_id, run) do update set records = excluded.records, labels = excluded.labels,
      mode = excluded.mode, bound_at = now())`,
  },
  {
    key: 'o',
    rows: (save) => save.blobs,
    columns: [
      ofBlob('text', 'run', (row) => row.run),
      ofBlob('smallint', 'attempt', (row) => row.attempt),
      ofBlob('json', 'content', (row) => row.content),
    ],
    sql: `o as (insert into fermata.blobs (execution_id, run, attempt, content)
      select x.id, x.run, x.attempt, x.content::json from {x} x{saved} on conflict do nothing)`,
  },
  {
    key: 'l',
    rows: (save) => save.logs,
    columns: [
      ofLog('text', 'run', (row) => row.run),
      ofLog('smallint', 'attempt', (row) => row.attempt),
      ofLog('integer', 'line', (row) => row.line),
      ofLog('ms', 'at', (row) => row.at ?? null),
      ofLog('text', 'level', (row) => row.level),
      ofLog('text', 'text', (row) => row.text),
    ],
    sql: `l as (insert into fermata.run_logs (execution_id, run, attempt, line, at, level, text)
      select x.id, x.run, x.attempt, x.line, ${time('at')}, x.level, x.text from {x} x{saved}
      on conflict do nothing)`,
  },
  {
    key: 'a',
    rows: (save) => save.acts,
    columns: [
      ofAct('text', 'run', (row) => orNull(row.run)),
      ofAct('text', 'act', (row) => row.act),
      ofAct('text', 'by', (row) => row.by),
      ofAct('text', 'reason', (row) => orNull(row.reason)),
      ofAct('json', 'details', (row) => json(row.details)),
    ],
    sql: `a as (insert into fermata.acts (execution_id, run, act, by, reason, details)
      select x.id, x.run, x.act, x.by, x.reason, x.details::json from {x} x{saved})`,
  },
  {
    key: 'k',
    rows: (save) => (save.releaseLocks ? [save] : []),
    columns: [],
    sql: `k as (delete from fermata.locks using {x} x{saved} where locks.execution_id = x.id)`,
  },
  holdPart,
]
