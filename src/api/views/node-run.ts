// Node runs as the API answers them.
import type { Caller } from '../../access/permissions.ts'
import type { NodeDocument, WorkflowDocument } from '../../core/document.ts'
import { isJsonObject, type Json } from '../../core/json.ts'
import { scopeOf } from '../../core/run-id.ts'
import type { State } from '../../core/state.ts'
import { type WaitKind, waitKinds } from '../../core/statuses.ts'
import type { Db } from '../../store/db.ts'
import { findChildren } from '../../store/executions.ts'
import type { NodeRunRow } from '../../store/node-runs-read.ts'
import { type TaggedWait, taggedWaits } from '../../store/queue-tags.ts'
import { openTasksOf, type TaskRow } from '../../store/tasks-read.ts'
import type { NodeRun } from '../contract/node-runs.ts'
import { legalRunActs } from '../legal-acts.ts'
import { seenExecutions, startsUnseen, withoutChild } from '../seen-executions.ts'
import { isoOrNull, present } from './present.ts'

/** What the runs of one execution are seen against. */
export interface RunsView {
  state: State
  nodes: ReadonlyMap<string, NodeDocument>
  tasks: ReadonlyMap<string, TaskRow>
  /** Live child executions by the run that waits for them. */
  children: ReadonlyMap<string, string>
  /** Effects in the queue that only some processes may run, by run. */
  tagged: ReadonlyMap<string, TaggedWait>
  mayRun: boolean
  /** Nodes that start executions of which the caller may see none. */
  startUnseen: ReadonlySet<string>
}

export async function runsView(
  db: Db,
  execution: { id: string; snapshot: State },
  view: { document: WorkflowDocument; mayRun: boolean; caller: Caller },
): Promise<RunsView> {
  const children = await findChildren(db, execution.id)
  const ids = children.map(({ id }) => id)
  const seen = await seenExecutions(db, view.caller, ids)
  const tagged = asksForTags(view.document) ? await taggedWaits(db, execution.id) : []
  return {
    state: execution.snapshot,
    children: new Map(children.filter(({ id }) => seen.has(id)).map(({ run, id }) => [run, id])),
    nodes: new Map(view.document.nodes.map((node) => [node.id, node])),
    tagged: new Map(tagged.map((wait) => [wait.run, wait])),
    tasks: await openTasksOf(db, execution.id),
    mayRun: view.mayRun,
    startUnseen: new Set(
      view.document.nodes.filter((node) => startsUnseen(node, view.caller)).map(({ id }) => id),
    ),
  }
}

function asksForTags({ settings, nodes }: WorkflowDocument): boolean {
  return settings?.runOn !== undefined || nodes.some(({ policy }) => policy?.runOn !== undefined)
}

export function nodeRunView(run: NodeRunRow, view: RunsView): NodeRun {
  const node = view.nodes.get(run.node)
  const row = node && view.startUnseen.has(run.node) ? withoutChild(run, node) : run
  const task = row.last && row.status === 'waiting' ? view.tasks.get(row.run) : undefined
  const choice = task?.kind === 'choice'
  return present({
    id: row.run,
    node: row.node,
    type: node?.type ?? '',
    scope: scopeOf(row.run),
    record: row.record,
    attempt: row.attempt,
    status: row.status,
    manual: manualView(row.manual),
    wait:
      workerWait(row, view) ??
      (row.status === 'waiting' ? waitView(row.wait, { task, child: view.children.get(row.run) }) : null),
    risks: risksOf(row.wait),
    risksChanged: isJsonObject(row.wait) && row.wait.changed === true ? true : null,
    waited: row.status === 'waiting' ? null : waitKindOf(row.wait),
    input: row.input,
    output: row.output,
    error: row.error,
    startedAt: isoOrNull(row.startedAt),
    endedAt: isoOrNull(row.endedAt),
    worker: row.worker,
    acts: view.mayRun ? legalRunActs(view.state, { ...row, choice }, node) : [],
  })
}

/** An attempt whose effect nobody has begun, or whose process is gone. */
function workerWait(row: NodeRunRow, { tagged }: RunsView): NodeRun['wait'] | undefined {
  const wait = tagged.get(row.run)
  if (wait?.attempt !== row.attempt) return undefined
  return { for: 'worker', tag: wait.tag, noWorker: !wait.served }
}

/** The row keeps what its attempt waited for. */
function waitKindOf(wait: Json): WaitKind | null {
  return isJsonObject(wait) ? (waitKinds.find((known) => known === wait.for) ?? null) : null
}

function risksOf(wait: Json): NodeRun['risks'] | null {
  return isJsonObject(wait) && Array.isArray(wait.risks) ? (wait.risks as unknown as NodeRun['risks']) : null
}

function manualView(manual: Json): NodeRun['manual'] | null {
  return isJsonObject(manual) ? (present(manual) as unknown as NodeRun['manual']) : null
}

function waitView(
  wait: Json,
  { task, child }: { task: TaskRow | undefined; child: string | undefined },
): NodeRun['wait'] | null {
  if (!isJsonObject(wait)) return null
  const kind = waitKindOf(wait) ?? 'event'
  const text = (name: string) => (typeof wait[name] === 'string' ? wait[name] : null)
  return present({
    for: kind,
    until: text('until'),
    key: text('key'),
    child,
    task: task?.id ?? null,
    options: task?.options ?? null,
  })
}
