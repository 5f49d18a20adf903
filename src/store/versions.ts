// Versions of workflows: one draft at most, one published at most, the others retired.
import type { WorkflowDocument } from '../core/document.ts'
import { AppError } from '../core/errors.ts'
import type { Db } from './db.ts'

export interface VersionRow {
  workflow: string
  version: number
  state: 'draft' | 'published' | 'retired'
  note: string | null
  createdBy: string
  createdAt: Date
  updatedAt: Date
  publishedBy: string | null
  publishedAt: Date | null
}

export type VersionWithDocument = VersionRow & { document: WorkflowDocument }

const columns = `workflow, version, state, note, created_by as "createdBy", created_at as "createdAt",
  updated_at as "updatedAt", published_by as "publishedBy", published_at as "publishedAt"`

/** Newest first. */
export async function listVersions(db: Db, workflow: string): Promise<VersionRow[]> {
  return db.query<VersionRow>(
    `select ${columns} from fermata.workflow_versions where workflow = $1 order by version desc`,
    [workflow],
  )
}

export async function findVersion(
  db: Db,
  workflow: string,
  version: number,
): Promise<VersionWithDocument | undefined> {
  const [row] = await db.query<VersionWithDocument>(
    `select ${columns}, document from fermata.workflow_versions where workflow = $1 and version = $2`,
    [workflow, version],
    'find_version',
  )
  return row
}

/** The documents of many versions at once; those that do not exist are left out. */
export async function findDocuments(
  db: Db,
  versions: readonly Pick<VersionRow, 'workflow' | 'version'>[],
): Promise<Pick<VersionWithDocument, 'workflow' | 'version' | 'document'>[]> {
  if (versions.length === 0) return []
  return db.query<Pick<VersionWithDocument, 'workflow' | 'version' | 'document'>>(
    `select workflow, version, document from fermata.workflow_versions
     join unnest($1::text[], $2::integer[]) as wanted (workflow, version) using (workflow, version)`,
    [versions.map(({ workflow }) => workflow), versions.map(({ version }) => version)],
    'find_documents',
  )
}

/** The published version, or the draft of a workflow that has none. */
export async function findCurrentVersion(db: Db, workflow: string): Promise<VersionWithDocument | undefined> {
  const [row] = await db.query<VersionWithDocument>(
    `select ${columns}, document from fermata.workflow_versions
     where workflow = $1 and state in ('published', 'draft') order by state = 'published' desc limit 1`,
    [workflow],
  )
  return row
}

export interface DraftChange {
  document: WorkflowDocument
  by: string
  note?: string
}

/** Saves the draft of `document.key`, creating the workflow when it is new. */
export async function saveDraft(db: Db, change: DraftChange): Promise<VersionRow> {
  return db.transaction(async (tx) => {
    await upsertWorkflow(tx, change)
    await retireTriedDraft(tx, change.document.key)
    const [row] = await tx.query<VersionRow>(
      `insert into fermata.workflow_versions as v (workflow, version, state, document, note, created_by)
       select $1, coalesce(max(version), 0) + 1, 'draft', $2, $3, $4
       from fermata.workflow_versions where workflow = $1
       on conflict (workflow) where state = 'draft' do update
         set document = excluded.document, note = coalesce(excluded.note, v.note), updated_at = now()
       returning ${columns}`,
      [change.document.key, JSON.stringify(change.document), change.note ?? null, change.by],
    )
    return row as VersionRow
  })
}

/** What lists show follows the published document; before the first publishing, the draft. */
async function upsertWorkflow(tx: Db, { document, by }: DraftChange): Promise<void> {
  await tx.run(
    `insert into fermata.workflows as w (key, title, description, kind, target_collection, created_by, updated_by)
     values ($1, $2, $3, $4, $5, $6, $6)
     on conflict (key) do update set updated_by = $6, updated_at = now(),
       title = case when w.published_version is null then excluded.title else w.title end,
       description = case when w.published_version is null then excluded.description else w.description end,
       kind = case when w.published_version is null then excluded.kind else w.kind end,
       target_collection = case when w.published_version is null then excluded.target_collection else w.target_collection end`,
    [...shownOf(document), by],
  )
}

const shownOf = (document: WorkflowDocument) => [
  document.key,
  document.title,
  document.description ?? null,
  document.kind ?? 'main',
  document.target?.collection ?? null,
]

/** A draft that has been run as a test stays as it was run: the next save begins another version. */
async function retireTriedDraft(tx: Db, workflow: string): Promise<void> {
  await tx.run(
    `update fermata.workflow_versions v set state = 'retired'
     where v.workflow = $1 and v.state = 'draft' and exists (
       select from fermata.executions e
       where e.workflow = $1 and e.version = v.version and e.created_at >= v.created_at)`,
    [workflow],
  )
}

export interface PublishRequest {
  workflow: string
  by: string
  note?: string
  /** Throws, or rejects, when the document must not be published. */
  check: (document: WorkflowDocument) => void | Promise<void>
}

/** Publishes the draft; what was checked is what is published. Throws `conflict` when there is no draft. */
export async function publishDraft(db: Db, request: PublishRequest): Promise<VersionRow> {
  return db.transaction(async (tx) => {
    const draft = await lockDraft(tx, request.workflow)
    if (!draft) throw new AppError('conflict', 'There is no draft to publish', { why: { key: 'no-draft' } })
    await request.check(draft.document)
    await tx.run(
      `update fermata.workflow_versions set state = 'retired' where workflow = $1 and state = 'published'`,
      [request.workflow],
    )
    const [row] = await tx.query<VersionRow>(
      `update fermata.workflow_versions
       set state = 'published', published_by = $3, published_at = now(), note = coalesce($4, note)
       where workflow = $1 and version = $2 returning ${columns}`,
      [request.workflow, draft.version, request.by, request.note ?? null],
    )
    await showPublished(tx, draft, request.by)
    return row as VersionRow
  })
}

async function lockDraft(tx: Db, workflow: string): Promise<VersionWithDocument | undefined> {
  await tx.query('select from fermata.workflows where key = $1 for update', [workflow])
  const [draft] = await tx.query<VersionWithDocument>(
    `select ${columns}, document from fermata.workflow_versions
     where workflow = $1 and state = 'draft' for update`,
    [workflow],
  )
  return draft
}

async function showPublished(tx: Db, draft: VersionWithDocument, by: string): Promise<void> {
  await tx.run(
    `update fermata.workflows set title = $2, description = $3, kind = $4, target_collection = $5,
       published_version = $6, updated_by = $7, updated_at = now() where key = $1`,
    [...shownOf(draft.document), draft.version, by],
  )
}
