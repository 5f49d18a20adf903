// What roles may do on workflows: one level per role and workflow key, or `*` for all of them.
import type { Db } from '../store/db.ts'
import { requireRole } from './roles.ts'

export type Grant = 'view' | 'run' | 'manage'

export interface RoleGrant {
  role: string
  /** A workflow key, or `*`. */
  workflow: string
  grant: Grant
}

/** Replaces the level the role has on this workflow. Throws `not-found` for an unknown role. */
export async function setGrant(db: Db, { role, workflow, grant }: RoleGrant): Promise<void> {
  await requireRole(db, role)
  await db.run(
    `insert into fermata.grants (role, workflow, may) values ($1, $2, $3)
     on conflict (role, workflow) do update set may = excluded.may`,
    [role, workflow, grant],
  )
}

/** False when there was none. */
export async function removeGrant(db: Db, role: string, workflow: string): Promise<boolean> {
  return (await db.run('delete from fermata.grants where role = $1 and workflow = $2', [role, workflow])) > 0
}

/** Call when a workflow is deleted: a later one of the same key starts without grants. */
export async function removeGrantsOn(db: Db, workflow: string): Promise<void> {
  await db.run('delete from fermata.grants where workflow = $1', [workflow])
}

export async function listGrants(
  db: Db,
  of: { role?: string; workflow?: string } = {},
): Promise<RoleGrant[]> {
  return db.query<RoleGrant>(
    `select role, workflow, may as "grant" from fermata.grants
     where ($1::text is null or role = $1) and ($2::text is null or workflow = $2)
     order by role, workflow`,
    [of.role ?? null, of.workflow ?? null],
  )
}
