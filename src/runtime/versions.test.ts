import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workflow } from '../../tests/helpers/documents.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import type { WorkflowDocument } from '../core/document.ts'
import { saveDraft } from '../store/versions.ts'
import { loadNodeTypes } from './registry.ts'
import { createVersions, type Versions } from './versions.ts'

let database: TestDatabase
let versions: Versions

beforeAll(async () => {
  database = await createTestDatabase()
  versions = createVersions(database.pool, await loadNodeTypes())
})
afterAll(() => database.drop())

async function draft(key: string, parts: object): Promise<number> {
  const document = workflow({ key, ...parts }) as WorkflowDocument
  return (await saveDraft(database.pool, { document, by: 'test' })).version
}

const set = (id: string, extra: object = {}) => ({ id, type: 'set', config: { values: {} }, ...extra })

describe('rule 7: a draft', () => {
  it('that is sound may be tried', async () => {
    const version = await draft('sound', { nodes: [set('a')] })
    expect((await versions.get('sound', version)).nodes.size).toBe(1)
  })

  it.each([
    [
      'a-cycle',
      {
        nodes: [set('a'), set('b')],
        edges: [
          { from: 'a', to: 'b' },
          { from: 'b', to: 'a' },
        ],
      },
    ],
    [
      'a-box-in-itself',
      {
        nodes: [
          { id: 'a', type: 'group', parent: 'b' },
          { id: 'b', type: 'group', parent: 'a' },
        ],
      },
    ],
    ['an-unknown-type', { nodes: [set('a', { type: 'teleport' })] }],
  ])('with %s is refused, with every problem', async (key, parts) => {
    const version = await draft(key, parts)
    await expect(versions.get(key, version)).rejects.toMatchObject({
      code: 'invalid-document',
      details: { problems: [expect.objectContaining({ code: expect.stringMatching(/cycle|unknown-type/) })] },
    })
  })

  it('that does not exist is not found', async () => {
    await expect(versions.get('sound', 99)).rejects.toMatchObject({ code: 'not-found' })
  })
})
