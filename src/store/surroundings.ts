// Where an execution stands: those it was started by, and those of its workflow before and after it.
import type { ExecutionStatus } from '../core/statuses.ts'
import type { Db } from './db.ts'
import { type Visible, where } from './where.ts'

export interface AncestorRow {
  id: string
  workflow: string
  workflowTitle: string
  /** The node run that started the next one down. */
  run: string
}

/** The outermost first, without those one may not see. */
export async function findAncestors(db: Db, id: string, visible: Visible): Promise<AncestorRow[]> {
  const w = where()
  const start = w.param(id)
  if (visible !== 'all') w.and(`e.workflow = any(${w.param(visible)})`)
  return db.query<AncestorRow>(
    `with recursive up as (
       select parent_id, parent_run, 1 as height from fermata.executions where id = ${start}
       union all
       select e.parent_id, e.parent_run, height + 1 from up join fermata.executions e on e.id = up.parent_id)
     select e.id, e.workflow, coalesce(w.title, e.workflow) as "workflowTitle", coalesce(up.parent_run, '') as run
     from up join fermata.executions e on e.id = up.parent_id left join fermata.workflows w on w.key = e.workflow
     ${w.text()} order by up.height desc`,
    w.values,
  )
}

export interface NeighbourRow {
  id: string
  status: ExecutionStatus
  createdAt: Date
}

const sides = {
  previous: { than: '<', order: 'desc' },
  next: { than: '>', order: 'asc' },
} as const

/** The execution of the same workflow that was created just before or after this one. */
export async function findNeighbour(
  db: Db,
  id: string,
  side: keyof typeof sides,
): Promise<NeighbourRow | undefined> {
  const { than, order } = sides[side]
  const [row] = await db.query<NeighbourRow>(
    `select n.* from fermata.executions m cross join lateral (
       select e.id, e.status, e.created_at as "createdAt" from fermata.executions e
       where e.workflow = m.workflow and (e.created_at, e.id) ${than} (m.created_at, m.id)
       order by e.created_at ${order}, e.id ${order} limit 1) n
     where m.id = $1`,
    [id],
  )
  return row
}
