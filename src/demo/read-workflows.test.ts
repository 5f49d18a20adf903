import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { describe, expect, it } from 'vitest'
import { WorkflowDocument } from '../core/document.ts'
import { checkConfig } from '../core/expression/check.ts'
import type { JsonObject } from '../core/json.ts'
import { loadNodeTypes } from '../runtime/registry.ts'
import { nightStories } from './nights.ts'
import { firstNightlyReport, readDemoWorkflows } from './read-workflows.ts'
import { past, present } from './stories.ts'

const documents = readDemoWorkflows()
const types = await loadNodeTypes()
const roots = ['inputs', 'target', 'record', 'item', 'index', 'nodes', 'execution', 'now', 'branch', 'loops']

describe('the workflows of the demo world', () => {
  it('are there, with all node types of the first release', () => {
    const keys = documents.map(({ key }) => key)
    const wanted = [
      'restart-service',
      'canary-patch',
      'disk-clean-up',
      'nightly-report',
      'onboarding-approval',
    ]
    expect(keys).toEqual(expect.arrayContaining(wanted))
    const used = new Set(documents.flatMap(({ nodes }) => nodes.map(({ type }) => type)))
    expect(used.size).toBeGreaterThanOrEqual(20)
  })

  it.each(documents.map((document) => [document.key, document] as const))(
    '%s is a document',
    (_, document) => {
      const schema = Compile(WorkflowDocument)
      expect([...schema.Errors(document)].map((error) => error.message)).toEqual([])
      const ids = document.nodes.map(({ id }) => id)
      for (const { from, to } of document.edges) expect(ids).toEqual(expect.arrayContaining([from, to]))
    },
  )

  it.each(
    documents.flatMap(({ key, nodes }) => nodes.map((node) => [`${key}/${node.id}`, node, nodes] as const)),
  )('%s has a config that fits its type', (_, node, nodes) => {
    const type = types.get(node.type)
    if (!type) throw new Error(`there is no node type ${node.type}`)
    const config = (node.config ?? {}) as JsonObject
    const errors = [...Compile(type.config as TSchema).Errors(config)]
    expect(errors.map((error) => `${error.instancePath} ${error.message}`)).toEqual([])
    const variables = { roots, nodes: nodes.map(({ id }) => id) }
    expect(checkConfig(type.config, config, variables)).toEqual([])
  })

  it('had a slip in the first nightly report', () => {
    const [report] = documents.filter(({ key }) => key === 'nightly-report')
    if (!report) throw new Error('there is no nightly report')
    expect(JSON.stringify(firstNightlyReport(report))).not.toBe(JSON.stringify(report))
  })
})

describe('the stories', () => {
  it('are at least thirty of the past, about workflows and targets that exist', () => {
    const { faulty, mended } = nightStories(Date.now())
    expect(faulty.length + mended.length + past.length).toBeGreaterThanOrEqual(30)
    for (const { workflow, target } of [...faulty, ...mended, ...past, ...present]) {
      const document = documents.find(({ key }) => key === workflow)
      expect(document, workflow).toBeDefined()
      expect(document?.target !== undefined, workflow).toBe(target !== undefined)
    }
  })
})
