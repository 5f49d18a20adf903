import { audit } from '../../access/audit.ts'
import { type Caller, visibleWorkflows, workflowsWith } from '../../access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import type { Db } from '../../store/db.ts'
import {
  findCurrentVersion,
  findVersion,
  listVersions,
  publishDraft,
  saveDraft,
} from '../../store/versions.ts'
import { setEnabled } from '../../store/workflows.ts'
import { findSeenWorkflow, listWorkflows, type SeenWorkflow } from '../../store/workflows-list.ts'
import { grantsOf } from '../authorize.ts'
import * as contract from '../contract/workflows.ts'
import { asDocument, type CheckDocument } from '../documents.ts'
import { type BoundRoute, type Call, handle } from '../handler.ts'
import { problemView } from '../problem.ts'
import { versionView, workflowView } from '../views/workflow.ts'

interface Deps {
  db: Db
  checkDocument: CheckDocument
}

export function workflowRoutes({ db, checkDocument }: Deps): BoundRoute[] {
  return [
    handle(contract.listWorkflows, async ({ query: { grant, limit, ...filter }, caller }) => {
      if (filter.role !== undefined) requireRole(caller, filter.role)
      const visible = grant ? workflowsWith(caller, grant) : visibleWorkflows(caller)
      const asked = { ...filter, visible, user: caller.user, limit: limit ?? 50 }
      const { items, ...rest } = await listWorkflows(db, asked)
      return { items: items.map((row) => workflowView(row, grantsOf(caller, row.key))), ...rest }
    }),
    handle(contract.getWorkflow, async ({ params, caller }) => {
      const row = await requireWorkflow(db, params.key, caller)
      const current = await findCurrentVersion(db, params.key)
      if (!current) throw new AppError('not-found', `The workflow ${params.key} has no version`)
      const { version, document } = current
      return { ...workflowView(row, grantsOf(caller, row.key)), version, document }
    }),
    handle(contract.saveDraft, (call) => save(db, checkDocument, call)),
    handle(contract.publishWorkflow, (call) => publish(db, checkDocument, call)),
    handle(contract.disableWorkflow, (call) => enable(db, call, false)),
    handle(contract.enableWorkflow, (call) => enable(db, call, true)),
    handle(contract.listVersions, async ({ params }) => ({
      items: (await listVersions(db, params.key)).map(versionView),
    })),
    handle(contract.getVersion, async ({ params }) => {
      const row = await findVersion(db, params.key, params.version)
      if (!row) throw new AppError('not-found', `There is no version ${params.version}`)
      return { ...versionView(row), document: row.document }
    }),
  ]
}

async function save(db: Db, checkDocument: CheckDocument, call: Call<typeof contract.saveDraft>) {
  const { params, body, caller } = call
  const document = asDocument(body.document)
  if (document.key !== params.key)
    throw new AppError('invalid-document', `The key must be ${params.key}, as in the address`, {
      pointer: '/key',
    })
  const checked = await checkDocument()
  const row = await db.transaction(async (tx) => {
    const saved = await saveDraft(tx, { document, by: caller.name, ...noteOf(body) })
    await note(tx, caller, { action: 'workflow.save', workflow: document.key, version: saved.version })
    return saved
  })
  return { version: versionView(row), problems: checked(document).map(problemView) }
}

async function publish(
  db: Db,
  checkDocument: CheckDocument,
  { params, body, caller }: Call<typeof contract.publishWorkflow>,
) {
  const checked = await checkDocument()
  return db.transaction(async (tx) => {
    const row = await publishDraft(tx, {
      workflow: params.key,
      by: caller.name,
      ...noteOf(body),
      check: (document) => refuseProblems(checked(document)),
    })
    await note(tx, caller, { action: 'workflow.publish', workflow: params.key, version: row.version })
    return versionView(row)
  })
}

const noteOf = (body: { note?: string }) => (body.note === undefined ? {} : { note: body.note })

function note(
  db: Db,
  caller: Caller,
  { action, workflow, ...details }: { action: string; workflow: string; version?: number },
): Promise<void> {
  return audit(db, { by: caller.name, action, object: `workflow:${workflow}`, details })
}

async function enable(db: Db, call: Call<typeof contract.enableWorkflow>, enabled: boolean) {
  const { params, caller } = call
  await db.transaction(async (tx) => {
    await setEnabled(tx, params.key, { enabled, by: caller.name })
    await note(tx, caller, { action: enabled ? 'workflow.enable' : 'workflow.disable', workflow: params.key })
  })
  return workflowView(await requireWorkflow(db, params.key, caller), grantsOf(caller, params.key))
}

async function requireWorkflow(db: Db, key: string, caller: Caller): Promise<SeenWorkflow> {
  const row = await findSeenWorkflow(db, key, caller.user)
  if (!row) throw new AppError('not-found', `There is no workflow ${key}`)
  return row
}

function requireRole(caller: Caller, role: string): void {
  if (caller.roles.includes(role)) return
  throw new AppError('forbidden', `You do not have the role ${role}`, { why: { key: 'lacks-role', role } })
}

function refuseProblems(problems: ReturnType<Awaited<ReturnType<CheckDocument>>>): void {
  const [first] = problems
  if (!first) return
  throw new AppError('invalid-document', first.message, { pointer: first.pointer, problems })
}
