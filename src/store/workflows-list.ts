// Workflows as lists and pages show them to one user: with star, owners and the filter of their targets.
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'
import type { Db } from './db.ts'
import { containing, type Visible, type Where, where } from './where.ts'
import { columns, from, type WorkflowRow, type WorkflowState } from './workflows.ts'

export interface SeenWorkflow extends WorkflowRow {
  /** Starred by the user who looks. */
  favourite: boolean
  /** CEL over `record`, of the published version. */
  targetFilter: string | null
  /** Titles of the roles that may manage it. */
  owners: string[]
}

const seenColumns = (user: string) => `${columns},
  exists (select from fermata.favourites f where f.workflow = w.key and f.user_id = ${user}) as favourite,
  (select p.document->'target'->>'filter' from fermata.workflow_versions p
   where p.workflow = w.key and p.version = w.published_version) as "targetFilter",
  array(select r.title from fermata.grants g join fermata.roles r on r.name = g.role
        where g.workflow in (w.key, '*') and g.may = 'manage' order by r.title) as owners`

const stateConditions: Record<WorkflowState, string> = {
  draft: 'w.enabled and w.published_version is null',
  published: 'w.enabled and w.published_version is not null',
  disabled: 'not w.enabled',
}

export interface WorkflowFilter {
  visible: Visible
  /** Id of the user who looks; without it nothing is starred. */
  user?: string
  kind?: 'main' | 'sub'
  state?: WorkflowState
  q?: string
  /** Only what this role may run. */
  role?: string
  favourite?: boolean
  /** Key of the target's collection. */
  target?: string
  /** Who created it, or title of a role that may manage it. */
  owner?: string
  updatedAfter?: string
  updatedBefore?: string
}

/** The built-in administrators need no grant. */
const mayRun = (role: string) => `(${role} = 'admin' or exists (select from fermata.grants g
  where g.role = ${role} and g.workflow in (w.key, '*') and g.may in ('run', 'manage')))`

function conditions(w: Where, filter: WorkflowFilter): void {
  if (filter.visible !== 'all') w.and(`w.key = any(${w.param(filter.visible)})`)
  w.if(filter.kind, (kind) => `w.kind = ${kind}`)
  if (filter.state) w.and(stateConditions[filter.state])
  w.if(filter.q && containing(filter.q), (q) => `(w.key ilike ${q} or w.title ilike ${q})`)
  w.if(filter.role, (role) => mayRun(role))
  if (filter.favourite)
    w.and(`exists (select from fermata.favourites f
      where f.workflow = w.key and f.user_id = ${w.param(filter.user ?? null)})`)
  w.if(filter.target, (target) => `w.target_collection = ${target}`)
  w.if(
    filter.owner,
    (owner) => `(w.created_by = ${owner} or exists (
      select from fermata.grants g join fermata.roles r on r.name = g.role
      where g.workflow in (w.key, '*') and g.may = 'manage' and r.title = ${owner}))`,
  )
  w.if(filter.updatedAfter, (time) => `w.updated_at >= ${time}::timestamptz`)
  w.if(filter.updatedBefore, (time) => `w.updated_at < ${time}::timestamptz`)
}

/** Last changed first. */
export async function listWorkflows(
  db: Db,
  filter: WorkflowFilter & { cursor?: string; limit: number },
): Promise<{ items: SeenWorkflow[]; next?: string }> {
  const w = where()
  conditions(w, filter)
  if (filter.cursor) {
    const [at, key] = decodeCursor(filter.cursor, 2)
    w.and(`(w.updated_at, w.key) < (${w.param(at)}::timestamptz, ${w.param(key)})`)
  }
  const shown = seenColumns(`${w.param(filter.user ?? null)}::bigint`)
  const rows = await db.query<SeenWorkflow & { at: string }>(
    `select ${shown}, w.updated_at::text as at from ${from} ${w.text()}
     order by w.updated_at desc, w.key desc limit ${filter.limit + 1}`,
    w.values,
  )
  return pageOf(rows, filter.limit, (row) => encodeCursor(row.at, row.key))
}

export async function findSeenWorkflow(db: Db, key: string, user: string): Promise<SeenWorkflow | undefined> {
  const text = `select ${seenColumns('$2::bigint')} from ${from} where w.key = $1`
  const [row] = await db.query<SeenWorkflow>(text, [key, user])
  return row
}

export interface RunGroup {
  role: string
  title: string
  /** How many workflows it may run. */
  count: number
}

/** Of these roles those that may run anything; a workflow counts in each. */
export async function countByRole(
  db: Db,
  roles: readonly string[],
  filter: WorkflowFilter,
): Promise<RunGroup[]> {
  const w = where()
  w.and(`o.name = any(${w.param(roles)}) and ${mayRun('o.name')}`)
  conditions(w, filter)
  return db.query<RunGroup>(
    `select o.name as role, o.title, count(*)::integer as count from fermata.roles o cross join ${from} ${w.text()}
     group by o.name, o.title order by o.built_in, o.title`,
    w.values,
  )
}

export interface RunChoices {
  /** Keys of collections. */
  targets: string[]
  owners: string[]
}

/** What there is to filter by. */
export async function listRunChoices(db: Db, filter: WorkflowFilter): Promise<RunChoices> {
  const w = where()
  conditions(w, filter)
  const [row] = await db.query<RunChoices>(
    `with mine as (select w.key, w.target_collection, w.created_by from ${from} ${w.text()})
     select array(select distinct target_collection from mine where target_collection is not null order by 1) as targets,
       array(select created_by from mine union select r.title from mine
             join fermata.grants g on g.workflow in (mine.key, '*') and g.may = 'manage'
             join fermata.roles r on r.name = g.role order by 1) as owners`,
    w.values,
  )
  return row ?? { targets: [], owners: [] }
}
