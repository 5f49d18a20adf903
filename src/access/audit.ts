// What was done by whom; rows are only ever added. A trigger refuses everything else.
import type { Json, JsonObject } from '../core/json.ts'
import type { Db } from '../store/db.ts'

export interface AuditEntry {
  /** User name, or `system`. */
  by: string
  /** `thing.verb`, e.g. `user.create`, `session.refuse`. */
  action: string
  /** What it was done to: `user:alice`, `workflow:restart-service`. */
  object: string
  /** Never secrets. */
  details?: JsonObject
  /** Where the request came from. */
  address?: string
}

export interface AuditRow {
  id: string
  at: Date
  by: string
  action: string
  object: string
  details: Json
  address: string | null
}

export interface AuditFilter {
  by?: string
  action?: string
  object?: string
  /** Entries older than the one with this id. */
  before?: string
  /** Default 50, at most 500. */
  limit?: number
}

/** In the transaction of the change, so that neither is there without the other. */
export async function audit(db: Db, entry: AuditEntry): Promise<void> {
  await db.run(
    'insert into fermata.audit (by, action, object, details, address) values ($1, $2, $3, $4, $5)',
    [
      entry.by,
      entry.action,
      entry.object,
      entry.details ? JSON.stringify(entry.details) : null,
      entry.address ?? null,
    ],
  )
}

/** Newest first. */
export async function listAudit(db: Db, filter: AuditFilter = {}): Promise<AuditRow[]> {
  const { by = null, action = null, object = null, before = null, limit = 50 } = filter
  return db.query<AuditRow>(
    `select id, at, by, action, object, details, address from fermata.audit
     where ($1::text is null or by = $1) and ($2::text is null or action = $2)
       and ($3::text is null or object = $3) and ($4::bigint is null or id < $4)
     order by id desc limit $5`,
    [by, action, object, before, Math.min(limit, 500)],
  )
}
