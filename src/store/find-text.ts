// What people type into the search box of executions: part of a workflow's title or key, part of the label of what was
// worked on, or an id. Found among workflows and targets, of which there are few; executions are then found by these.
// A label counts only for those who may see the record: else the list would tell the name by what it finds.
import type { Db } from './db.ts'
import { containing, type SeenTargets, type Visible, type Where, where } from './where.ts'

export interface FoundText {
  id?: string
  workflows: string[]
  targets: { collection: string; id: string }[]
  /** So much fits that executions which do are met often enough by walking back in time. */
  often?: { label: string; workflows: string[] }
}

interface Asked {
  q: string
  visible: Visible
  /** Absent: one may see every record. */
  seen?: SeenTargets
}

const isId = /^[0-9]{1,18}$/
const mostWorkflows = 50
const mostTargets = 500

export async function findText(db: Db, { q, visible, seen }: Asked): Promise<FoundText> {
  const pattern = containing(q)
  const [workflows, targets] = await Promise.all([
    findWorkflows(db, pattern, visible),
    findTargets(db, pattern, seen),
  ])
  const id = isId.test(q) ? { id: q } : {}
  if (workflows.length <= mostWorkflows && targets.length <= mostTargets)
    return { ...id, workflows, targets: eachOnce(targets) }
  return { ...id, workflows: [], targets: [], often: { label: pattern, workflows } }
}

/** The same as a condition, for few rows that are found by something else. */
export async function textCondition(db: Db, w: Where, { q, visible, seen }: Asked): Promise<string> {
  const pattern = containing(q)
  const workflows = await findWorkflows(db, pattern, visible)
  const id = isId.test(q) ? `e.id = ${w.param(q)}::bigint or ` : ''
  return `(${id}e.workflow = any(${w.param(workflows)}) or ${labelCondition(w, pattern, seen)})`
}

export function labelCondition(w: Where, pattern: string, seen: SeenTargets | undefined): string {
  const like = `e.target_label ilike ${w.param(pattern)}`
  return seen ? `(${like} and ${seen(w, targetColumns)})` : like
}

export const targetColumns = { collection: 'e.target_collection', id: 'e.target_id' }

async function findTargets(
  db: Db,
  pattern: string,
  seen: SeenTargets | undefined,
): Promise<FoundText['targets']> {
  const w = where()
  w.and(`t.label ilike ${w.param(pattern)}`)
  if (seen) w.and(seen(w, { collection: 't.collection', id: 't.id' }))
  // Not `distinct`: it would sort all of them where the first few hundred are enough.
  const text = `select t.collection, t.id from fermata.targets t ${w.text()} limit ${mostTargets + 1}`
  return db.query<{ collection: string; id: string }>(text, w.values)
}

/** A target has a row for each label that it had. */
const eachOnce = (targets: FoundText['targets']): FoundText['targets'] => [
  ...new Map(targets.map((target) => [`${target.collection}:${target.id}`, target])).values(),
]

async function findWorkflows(db: Db, pattern: string, visible: Visible): Promise<string[]> {
  const w = where()
  const like = w.param(pattern)
  w.and(`(key ilike ${like} or title ilike ${like})`)
  if (visible !== 'all') w.and(`key = any(${w.param(visible)})`)
  const rows = await db.query<{ key: string }>(`select key from fermata.workflows ${w.text()}`, w.values)
  return rows.map(({ key }) => key)
}
