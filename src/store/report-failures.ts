// Failures grouped by workflow, node and error. Messages that differ in numbers and quoted names only are one error.
import type { Db } from './db.ts'
import { attemptsOf, type NodeScope, typesOf } from './reports.ts'
import { type Visible, where } from './where.ts'

export interface FailureGroup {
  workflow: string
  workflowTitle: string | null
  /** Null: the execution failed without any node of its own having failed. */
  node: string | null
  nodeTitle: string | null
  code: string | null
  /** Of the latest one. */
  message: string | null
  count: number
  /** In so many executions. */
  executions: number
  lastExecution: string
  lastAt: Date
}

export interface RecentFailure extends Omit<FailureGroup, 'executions'> {
  /** Executions that wait for an operator; the others have ended. */
  held: number
}

const failures = `'failed', 'error', 'timed-out', 'rejected'`
const badEnds = `'failed', 'error', 'rejected'`

const kindOf = (message: string) =>
  `regexp_replace(left(split_part(${message}, E'\\n', 1), 200), '"[^"]*"|''[^'']*''|[0-9]+', '#', 'g')`

const latest = (what: string) => `(array_agg(${what} order by f.at desc))[1]`
const groupColumns = `f.workflow, f.node, f.code, ${latest('f.title')} as "nodeTitle", ${latest('f.message')} as message,
  count(*)::int as count, ${latest('f.execution')} as "lastExecution", max(f.at) as "lastAt"`
const groupBy = `group by f.workflow, f.node, f.code, ${kindOf('f.message')}`

/** The most frequent first. Of nodes every attempt that failed counts, unless it is a container: what failed is inside it. */
export async function reportFailures(
  db: Db,
  scope: NodeScope & { containers: readonly string[]; limit: number },
): Promise<FailureGroup[]> {
  const w = where()
  const types = typesOf(w, scope)
  const ofNodes = `select r.workflow, r.execution, r.node, r.title, r.error->>'code' as code, r.error->>'message' as message,
      r.ended_at as at
    from ${attemptsOf(w, scope, { status: failures })} and (r.type is null or r.type <> all (${w.param(scope.containers)}))`
  const isOfNodes = scope.node !== undefined || scope.nodeType !== undefined
  const ofExecutions = isOfNodes
    ? ''
    : `union all select e.workflow, e.id, null, null, e.error->>'code', e.error->>'message', e.ended_at
       from fermata.executions e ${w.text()} and e.status in (${badEnds}) and e.error->>'run' is null`
  return db.query<FailureGroup>(
    `with ${types}, f as (${ofNodes} ${ofExecutions})
     select g.*, w.title as "workflowTitle" from (
       select ${groupColumns}, count(distinct f.execution)::int as executions from f ${groupBy}
       order by count(*) desc, max(f.at) desc limit ${scope.limit}) g
     left join fermata.workflows w on w.key = g.workflow order by g.count desc, g."lastAt" desc`,
    w.values,
  )
}

/** How long an execution may have run to be found when it fails. */
const longestDays = 30

/** What ended badly since then, and what is held because of a failure since then; the latest first. */
export async function recentFailures(
  db: Db,
  given: { visible: Visible; since: string; limit: number },
): Promise<RecentFailure[]> {
  const w = where()
  const since = `${w.param(given.since)}::timestamptz`
  const seen = given.visible === 'all' ? '' : `and e.workflow = any(${w.param(given.visible)})`
  return db.query<RecentFailure>(
    `with f as (
       select e.workflow, e.id as execution, regexp_replace(e.error->>'run', '^.*/|\\[.*$', '', 'g') as node,
         e.error->>'code' as code, e.error->>'message' as message, e.ended_at as at, false as held, e.version
       from fermata.executions e
       where e.status in (${badEnds}) and e.created_at >= ${since} - interval '${longestDays} days' and e.ended_at >= ${since}
         and not e.test ${seen}
       union all
       select e.workflow, e.id, r.node, r.error->>'code', r.error->>'message', r.ended_at, true, e.version
       from fermata.executions e join fermata.node_runs r on r.execution_id = e.id
       where e.attention and not e.test ${seen} and r.status in (${failures}) and r.ended_at >= ${since}
         and (r.record is not null
           or not exists (select from fermata.bindings b where b.execution_id = r.execution_id and b.run = r.run))
         and not exists (select from fermata.node_runs l
           where l.execution_id = r.execution_id and l.run = r.run and l.attempt > r.attempt)),
     g as (
       select f.workflow, f.node, f.code, ${latest('f.message')} as message, count(distinct f.execution)::int as count,
         count(distinct f.execution) filter (where f.held)::int as held, ${latest('f.version')} as version,
         ${latest('f.execution')} as "lastExecution", max(f.at) as "lastAt"
       from f ${groupBy} order by max(f.at) desc limit ${given.limit})
     select g.*, w.title as "workflowTitle", (
       select n->>'title' from fermata.workflow_versions v cross join json_array_elements(v.document->'nodes') n
       where v.workflow = g.workflow and v.version = g.version and n->>'id' = g.node) as "nodeTitle"
     from g left join fermata.workflows w on w.key = g.workflow order by g."lastAt" desc`,
    w.values,
  )
}
