// What the reports are made of: executions of a time, and what their nodes did, counted in the database. Everything is
// read from the history itself; there is no second book (docs/adr/0013).
import type { Db } from './db.ts'
import { type CountedRow, type Figures, figuresOf, stepSql } from './report-figures.ts'
import { packed } from './run-packs.ts'
import { type Visible, type Where, where } from './where.ts'

/** Executions created in a time, but for tests of drafts. */
export interface ReportScope {
  visible: Visible
  from: string
  to: string
  workflow?: string
}

/** Node runs of these executions: of one node of the workflow, or of one type. */
export interface NodeScope extends ReportScope {
  node?: string
  nodeType?: string
}

const msOf = (row: string) => `date_part('epoch', ${row}.ended_at - ${row}.started_at) * 1000`

/** Columns of a `CountedRow` out of rows `r` with their `ms`; group by `status` and `step`. */
const step = `case when r.status = 'completed' then ${stepSql('r.ms')} end as step`
const counted = (firsts: string) =>
  `count(*)::int as count, ${firsts} as firsts, case when r.status = 'completed' then avg(r.ms) end as ms`
const allFirst = 'count(*)::int'
const firstAttempts = 'count(*) filter (where r.attempt = 1)::int'

function executionsOf(w: Where, scope: ReportScope): string {
  w.and(
    `e.created_at >= ${w.param(scope.from)}::timestamptz and e.created_at < ${w.param(scope.to)}::timestamptz`,
  )
  w.and('not e.test')
  if (scope.visible !== 'all') w.and(`e.workflow = any(${w.param(scope.visible)})`)
  w.if(scope.workflow, (p) => `e.workflow = ${p}`)
  return w.text()
}

/** What the documents say of their nodes. */
export function typesOf(w: Where, { workflow }: ReportScope): string {
  const one = workflow === undefined ? '' : `where v.workflow = ${w.param(workflow)}`
  return `types as materialized (
    select v.workflow, v.version, n->>'id' as node, n->>'type' as type, n->>'title' as title, n->'bind' is not null as bound
    from fermata.workflow_versions v cross join json_array_elements(v.document->'nodes') n ${one})`
}

/**
 * Attempts of nodes; needs `typesOf`. Where a node works on records, each record counts, and not their sum. `offset 0`:
 * the types are joined by hash before they are filtered; row by row takes half as long again.
 */
export function attemptsOf(w: Where, scope: NodeScope, failed?: { status: string }): string {
  const inside = executionsOf(w, scope)
  const more = failed ? 'r.execution, t.title, r.error, r.ended_at' : 'r.ms'
  const chosen = [
    '(r.bound is not true or r.record is not null)',
    ...(scope.node === undefined ? [] : [`r.node = ${w.param(scope.node)}`]),
    ...(scope.nodeType === undefined ? [] : [`r.type = ${w.param(scope.nodeType)}`]),
  ]
  return `(select r.workflow, r.created_at, r.node, r.attempt, r.status, r.record, t.type, t.bound, ${more}
    from (${failed ? failedIn(inside, failed.status) : allIn(inside)}) r
    left join types t on t.workflow = r.workflow and t.version = r.version and t.node = r.node offset 0) r
    where ${chosen.join(' and ')}`
}

const failedIn = (inside: string, status: string): string =>
  `select e.workflow, e.version, e.created_at, r.node, r.attempt, r.status, r.record, e.id as execution, r.error, r.ended_at
    from fermata.executions e join fermata.node_runs r on r.execution_id = e.id ${inside} and r.status in (${status})`

/** Each kind of row is joined for itself: so the packs of other times are not taken apart. */
const allIn = (inside: string): string =>
  `select e.workflow, e.version, e.created_at, r.node, r.attempt, r.status, r.record, ${msOf('r')} as ms
    from fermata.executions e join fermata.node_runs r on r.execution_id = e.id ${inside}
   union all
   select e.workflow, e.version, e.created_at, ${packed.node}, 1, ${packed.status}, null, ${packed.ms}
    from fermata.executions e join ${packed.from} ${inside}`

export interface WorkflowReport extends Figures {
  workflow: string
  title: string
}

export async function reportWorkflows(db: Db, scope: ReportScope): Promise<WorkflowReport[]> {
  const w = where()
  const rows = await db.query<CountedRow & { workflow: string; title: string | null }>(
    `select g.*, w.title from (
       select r.workflow, r.status, ${step}, ${counted(allFirst)}
       from (select e.workflow, e.status, ${msOf('e')} as ms from fermata.executions e ${executionsOf(w, scope)}) r
       group by r.workflow, r.status, step) g
     left join fermata.workflows w on w.key = g.workflow`,
    w.values,
  )
  return folded(rows, ({ workflow }) => workflow).map(([{ workflow, title }, figures]) => ({
    workflow,
    title: title ?? workflow,
    ...figures,
  }))
}

export interface NodeReport extends Figures {
  node: string
  title: string
  type: string | null
}

/** Of one workflow; its nodes by the names of the newest version they ran in. */
export async function reportNodes(db: Db, scope: NodeScope & { workflow: string }): Promise<NodeReport[]> {
  const w = where()
  const rows = await db.query<CountedRow & { node: string; title: string | null; type: string | null }>(
    `with ${typesOf(w, scope)}, named as (
       select distinct on (node) node, title, type from types where workflow = ${w.param(scope.workflow)}
       order by node, version desc)
     select g.*, n.title, n.type from (
       select r.node, r.status, ${step}, ${counted(firstAttempts)}
       from ${attemptsOf(w, scope)} group by r.node, r.status, step) g
     left join named n on n.node = g.node`,
    w.values,
  )
  return folded(rows, ({ node }) => node).map(([{ node, title, type }, figures]) => ({
    node,
    title: title ?? node,
    type,
    ...figures,
  }))
}

export interface NodeTypeReport extends Figures {
  /** Null: the version is gone, and nobody knows any more. */
  type: string | null
}

export async function reportNodeTypes(db: Db, scope: ReportScope): Promise<NodeTypeReport[]> {
  const w = where()
  const rows = await db.query<CountedRow & { type: string | null }>(
    `with ${typesOf(w, scope)} select r.type, r.status, ${step}, ${counted(firstAttempts)}
     from ${attemptsOf(w, scope)} group by r.type, r.status, step`,
    w.values,
  )
  return folded(rows, ({ type }) => type ?? '').map(([{ type }, figures]) => ({ type, ...figures }))
}

/** The figures of all rows with one key, those with most runs first. */
function folded<R extends CountedRow>(rows: readonly R[], keyOf: (row: R) => string): [R, Figures][] {
  return [...Map.groupBy(rows, keyOf).values()]
    .map((own): [R, Figures] => [own[0] as R, figuresOf(own)])
    .sort(([, one], [, other]) => other.runs - one.runs)
}

export interface TimelinePart extends Figures {
  from: Date
  to: Date
}

/** Executions, or with a node or a type its node runs, by when their executions were created: hours, or days of a zone. */
export async function reportTimeline(
  db: Db,
  scope: NodeScope & { unit: 'hour' | 'day'; timeZone: string },
): Promise<{ total: Figures; parts: TimelinePart[] }> {
  const w = where()
  const zone = w.param(scope.unit === 'day' ? scope.timeZone : 'UTC')
  const begin = (at: string) => `date_trunc('${scope.unit}', ${at} at time zone ${zone})`
  const isOfNodes = scope.node !== undefined || scope.nodeType !== undefined
  const firsts = isOfNodes ? firstAttempts : allFirst
  const source = isOfNodes
    ? attemptsOf(w, scope)
    : `(select e.created_at, e.status, ${msOf('e')} as ms from fermata.executions e ${executionsOf(w, scope)}) r`
  const rows = await db.query<CountedRow & { at: Date; until: Date; status: CountedRow['status'] | null }>(
    `with ${typesOf(w, scope)}, counts as (
       select ${begin('r.created_at')} as at, r.status, ${step}, ${counted(firsts)} from ${source}
       group by 1, r.status, step)
     select p.at at time zone ${zone} as at, (p.at + interval '1 ${scope.unit}') at time zone ${zone} as until,
       c.status, c.count, c.firsts, c.ms
     from generate_series(${begin(`${w.param(scope.from)}::timestamptz`)},
       ${w.param(scope.to)}::timestamptz at time zone ${zone} - interval '1 ms', interval '1 ${scope.unit}') p (at)
     left join counts c on c.at = p.at order by p.at`,
    w.values,
  )
  const there = (own: typeof rows) => figuresOf(own.filter(({ status }) => status !== null))
  const parts = [...Map.groupBy(rows, ({ at }) => at.getTime()).values()].map((own) => {
    const { at: from, until: to } = own[0] as (typeof own)[number]
    return { from, to, ...there(own) }
  })
  return { total: there(rows), parts }
}
