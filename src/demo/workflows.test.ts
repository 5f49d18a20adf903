// Rule 7: every workflow of the demo world may be published as it is.
import { describe, expect, it } from 'vitest'
import { schemasOf } from '../../tests/helpers/documents.ts'
import { callsOf } from '../core/validate/recursion.ts'
import { validateDocument } from '../core/validate/validate-document.ts'
import { loadNodeTypes } from '../runtime/registry.ts'
import { demoCollections } from './data/collections.ts'
import { firstNightlyReport, readDemoWorkflows } from './read-workflows.ts'

const documents = readDemoWorkflows()
const nodeTypes = await loadNodeTypes()
const workflows = new Map(
  documents.map((document) => [
    document.key,
    { kind: document.kind ?? 'main', published: 1, calls: callsOf(document, nodeTypes) },
  ]),
)
const context = { nodeTypes, collections: schemasOf(demoCollections), workflows }

describe('rule 7: the workflows of the demo world', () => {
  it.each(documents.map((document) => [document.key, document] as const))(
    '%s has no problems',
    (_, document) => {
      expect(validateDocument(document, context).problems).toEqual([])
      expect(validateDocument(firstNightlyReport(document), context).problems).toEqual([])
    },
  )

  it('call each other', () => expect(workflows.get('canary-patch')?.calls).toEqual(['check-host']))
})
