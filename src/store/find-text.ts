// What people type into the search box of executions: part of a workflow's title or key, part of the label of what was
// worked on, or an id. Found among workflows and targets, of which there are few; executions are then found by these.
import type { Db } from './db.ts'
import { containing, type Visible, type Where, where } from './where.ts'

export interface FoundText {
  id?: string
  workflows: string[]
  targets: { collection: string; id: string }[]
  /** So much fits that executions which do are met often enough by walking back in time. */
  often?: { label: string; workflows: string[] }
}

const isId = /^[0-9]{1,18}$/
const mostWorkflows = 50
const mostTargets = 500

export async function findText(db: Db, { q, visible }: { q: string; visible: Visible }): Promise<FoundText> {
  const pattern = containing(q)
  const [workflows, targets] = await Promise.all([
    findWorkflows(db, pattern, visible),
    db.query<{ collection: string; id: string }>(
      `select distinct collection, id from fermata.targets where label ilike $1 limit ${mostTargets + 1}`,
      [pattern],
    ),
  ])
  const id = isId.test(q) ? { id: q } : {}
  if (workflows.length <= mostWorkflows && targets.length <= mostTargets) return { ...id, workflows, targets }
  return { ...id, workflows: [], targets: [], often: { label: pattern, workflows } }
}

/** The same as a condition, for few rows that are found by something else. */
export async function textCondition(
  db: Db,
  w: Where,
  { q, visible }: { q: string; visible: Visible },
): Promise<string> {
  const pattern = containing(q)
  const workflows = await findWorkflows(db, pattern, visible)
  const id = isId.test(q) ? `e.id = ${w.param(q)}::bigint or ` : ''
  return `(${id}e.workflow = any(${w.param(workflows)}) or e.target_label ilike ${w.param(pattern)})`
}

async function findWorkflows(db: Db, pattern: string, visible: Visible): Promise<string[]> {
  const w = where()
  const like = w.param(pattern)
  w.and(`(key ilike ${like} or title ilike ${like})`)
  if (visible !== 'all') w.and(`key = any(${w.param(visible)})`)
  const rows = await db.query<{ key: string }>(`select key from fermata.workflows ${w.text()}`, w.values)
  return rows.map(({ key }) => key)
}
