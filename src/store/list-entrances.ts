// The ways into the list of executions: each is one statement that an index answers in order, so that a page stops early.
import type { ExecutionFilter } from './executions-list.ts'
import { type FoundText, labelCondition } from './find-text.ts'
import type { Visible, Where } from './where.ts'

/** Who asks what waits for them: open tasks for them, failed nodes and tasks for anybody in workflows they may run. */
export interface Needs {
  /** `alice`, `role:ops` … */
  assignees: readonly string[]
  runnable: Visible
}

/** Conditions of one way for each status: the index holds them one after another, a page wants them mixed. */
export function statusWays(w: Where, { status }: ExecutionFilter): string[][] {
  return status ? [...new Set(status)].map((one) => [`e.status = ${w.param(one)}`]) : [[]]
}

interface Entrance {
  /** Rows that each open a way of their own; their columns are used in the conditions. */
  each?: string
  conditions: string[]
}

export function entrances(w: Where, filter: ExecutionFilter, text: FoundText | undefined): Entrance[] {
  if (text) return textEntrances(w, filter, text)
  return filter.needs ? needsEntrances(w, filter.visible, filter.needs) : visibleEntrances(w, filter)
}

/** All of them, each with every condition, as one source of rows. */
export function waysIn(
  statuses: readonly string[][],
  all: readonly Entrance[],
  { w, limit }: { w: Where; limit: number },
): string {
  return statuses
    .flatMap((status) => all.map((entrance) => branch(entrance, [...w.conditions, ...status], limit)))
    .join(' union all ')
}

const mostWays = 100
const mostPlans = 8

/** How what one may see is looked at: as one more condition, or workflow by workflow where that would meet too little. */
function visibleEntrances(w: Where, filter: ExecutionFilter): Entrance[] {
  const { visible, workflow, target, parent, origin, attention, test, status } = filter
  if (visible === 'all') return [{ conditions: [] }]
  const isRare = status !== undefined && !status.includes('completed')
  const isNarrow = [workflow, target, parent, origin, attention, test].some((value) => value !== undefined)
  if (isRare || isNarrow || visible.length > mostWays) return [visibleOnly(w, visible)]
  if (filter.startedBy === undefined && filter.trigger === undefined) return [eachWorkflow(w, visible)]
  // Both may be rare or frequent: PostgreSQL knows which, for each of a few workflows that it knows when it plans.
  if (visible.length === 0 || visible.length > mostPlans) return [visibleOnly(w, visible)]
  return visible.map((key) => ({ conditions: [`e.workflow = ${w.param(key)}`] }))
}

const allowed = (w: Where, visible: Visible): string[] =>
  visible === 'all' ? [] : visibleOnly(w, visible).conditions

function needsEntrances(w: Where, visible: Visible, needs: Needs): Entrance[] {
  const tasks = `(select distinct t.execution_id as id, t.assignees = '{}' as open
    from fermata.tasks t where ${tasksFor(w, needs)}) as way`
  const runnable = allowed(w, needs.runnable)
  const mayRun = runnable.length > 0 ? [`(not way.open or ${runnable.join()})`] : []
  return [
    { conditions: ['e.attention', ...allowed(w, visible), ...runnable] },
    { each: tasks, conditions: ['e.id = way.id', ...allowed(w, visible), ...mayRun] },
  ]
}

const tasksFor = (w: Where, { assignees }: Needs): string =>
  `t.status = 'open' and (t.assignees = '{}' or t.assignees && ${w.param(assignees)}::text[])`

function visibleOnly(w: Where, visible: readonly string[]): Entrance {
  return { conditions: [`e.workflow = any(${w.param(visible)})`] }
}

function eachWorkflow(w: Where, workflows: readonly string[]): Entrance {
  return {
    each: `unnest(${w.param(workflows)}::text[]) as way (workflow)`,
    conditions: ['e.workflow = way.workflow'],
  }
}

function textEntrances(w: Where, filter: ExecutionFilter, text: FoundText): Entrance[] {
  const { visible } = filter
  const all: Entrance[] = []
  if (text.id) all.push({ conditions: [...allowed(w, visible), `e.id = ${w.param(text.id)}::bigint`] })
  if (text.often) {
    const { label, workflows } = text.often
    const either = `(e.workflow = any(${w.param(workflows)}) or ${labelCondition(w, label, filter.seen)})`
    for (const seen of visibleEntrances(w, filter))
      all.push({ ...seen, conditions: [...seen.conditions, either] })
  }
  if (text.workflows.length > 0) all.push(eachWorkflow(w, text.workflows))
  if (text.targets.length > 0) all.push(eachTarget(w, text.targets, allowed(w, visible)))
  return all.length > 0 ? all : [{ conditions: ['false'] }]
}

function eachTarget(w: Where, targets: FoundText['targets'], seen: string[]): Entrance {
  const collections = w.param(targets.map(({ collection }) => collection))
  const ids = w.param(targets.map(({ id }) => id))
  return {
    each: `unnest(${collections}::text[], ${ids}::text[]) as way (collection, id)`,
    conditions: [...seen, 'e.target_collection = way.collection', 'e.target_id = way.id'],
  }
}

function branch({ each, conditions }: Entrance, more: readonly string[], limit: number): string {
  const all = [...conditions, ...more]
  const condition = all.length > 0 ? `where ${all.join(' and ')}` : ''
  const order = `order by created_at desc, id desc limit ${limit + 1}`
  const newest = `select e.created_at, e.id, e.status from fermata.executions e ${condition} ${order}`
  if (each === undefined) return `(${newest})`
  return `(select one.* from ${each} cross join lateral (${newest}) one ${order})`
}
