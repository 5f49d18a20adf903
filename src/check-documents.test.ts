import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataCenter } from '../tests/helpers/data-center.ts'
import { workflow } from '../tests/helpers/documents.ts'
import { createTestDatabase, type TestDatabase } from '../tests/helpers/postgres.ts'
import type { CheckDocument } from './api/documents.ts'
import { checkDocuments } from './check-documents.ts'
import type { WorkflowDocument } from './core/document.ts'
import { AppError } from './core/errors.ts'
import { loadNodeTypes } from './runtime/registry.ts'
import { findVersion, publishDraft, saveDraft } from './store/versions.ts'

let database: TestDatabase
let checkDocument: CheckDocument

beforeAll(async () => {
  database = await createTestDatabase()
  await createDataCenter(database.pool)
  checkDocument = checkDocuments(database.pool, await loadNodeTypes())
})
afterAll(() => database.drop())

const documentOf = (parts: object) => workflow(parts) as WorkflowDocument
const caller = (key: string, ...called: string[]) =>
  documentOf({
    key,
    nodes: called.map((name, n) => ({ id: `n${n}`, type: 'workflow', config: { workflow: name } })),
  })
const problemsOf = async (document: WorkflowDocument) => (await checkDocument())(document)
const codes = async (document: WorkflowDocument) => (await problemsOf(document)).map(({ code }) => code)

async function publish(document: WorkflowDocument): Promise<void> {
  await saveDraft(database.pool, { document, by: 'test' })
  await publishDraft(database.pool, {
    workflow: document.key,
    by: 'test',
    async check(draft) {
      const problems = await problemsOf(draft)
      if (problems[0]) throw new AppError('invalid-document', problems[0].message, { problems })
    },
  })
}

describe('what documents are checked against', () => {
  it('are the node types and collections of this installation', async () => {
    const target = { collection: 'app' }
    const node = (path: string) => ({ id: 'a', type: 'set', config: { values: {} }, bind: { path } })
    expect(await codes(documentOf({ target, nodes: [node('unit.apps.host')] }))).toEqual([])
    expect(await codes(documentOf({ target, nodes: [node('unit.apps.wheels')] }))).toEqual(['invalid-path'])
    expect(await codes(documentOf({ target: { collection: 'ship' } }))).toEqual(['unknown-collection'])
    expect(await codes(documentOf({ nodes: [{ id: 'a', type: 'teleport' }] }))).toEqual(['unknown-type'])
  })

  it('are the workflows published now, and what they call', async () => {
    expect(await codes(caller('top', 'leaf'))).toEqual(['unknown-workflow'])
    await publish(caller('leaf'))
    expect(await codes(caller('top', 'leaf'))).toEqual([])
    await publish(caller('top', 'leaf'))
    expect(await codes(caller('leaf', 'top'))).toEqual(['recursion'])
    await publish(caller('top'))
    expect(await codes(caller('leaf', 'top'))).toEqual([])
  })

  it('keep a broken draft from being published, and leave it as it was', async () => {
    const broken = documentOf({ key: 'broken', nodes: [{ id: 'a', type: 'delay' }] })
    await expect(publish(broken)).rejects.toMatchObject({ code: 'invalid-document' })
    expect(await findVersion(database.pool, 'broken', 1)).toMatchObject({ state: 'draft' })
  })
})
