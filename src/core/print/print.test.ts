import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workflow } from '../../../tests/helpers/documents.ts'
import { randomCase } from '../../../tests/helpers/random-workflow.ts'
import { readDemoWorkflows } from '../../demo/read-workflows.ts'
import type { WorkflowDocument } from '../document.ts'
import { compileGraph } from '../graph.ts'
import type { Json, JsonObject } from '../json.ts'
import { validateDocument } from '../validate/validate-document.ts'
import { canonical } from './canonical.ts'
import { parseDocumentText } from './parse-text.ts'
import { printJson, printYaml } from './print.ts'

const documentOf = (parts: object) => workflow(parts) as WorkflowDocument
const printers = [
  ['YAML', printYaml],
  ['JSON', printJson],
] as const

const text = fc.oneof(
  fc
    .string({ unit: 'binary', maxLength: 40 })
    .filter((value) => value.isWellFormed() && !value.includes('\0')),
  fc.constantFrom(
    'yes',
    'null',
    '~',
    '1e3',
    '0x1F',
    '- a',
    'a: b',
    '# c',
    ' x ',
    '\n',
    'a\n\nb\n',
    '\ta',
    '{{ x }}',
    '1:30',
    '2001-01-01',
    '"',
    "'",
    '&a',
    '*a',
    '!t',
    '%',
    '@',
    '`',
    '|',
    '>',
    '',
    'a\r\nb',
    '\u2028',
    '…',
    '---',
    '...',
  ),
)
const key = text.filter((name) => name !== '__proto__')
const json: fc.Arbitrary<Json> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    text,
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
})).value as fc.Arbitrary<Json>
const map = fc.dictionary(key, json, { maxKeys: 4 }) as fc.Arbitrary<JsonObject>

const documents: fc.Arbitrary<WorkflowDocument> = fc
  .tuple(
    randomCase({ failing: 0 }),
    fc.array(map, { minLength: 1, maxLength: 6 }),
    fc.array(text, { minLength: 3, maxLength: 3 }),
  )
  .map(([{ document }, configs, [title = '', description = '', note = '']]) => ({
    ...document,
    title,
    description,
    inputs: { type: 'object', properties: configs[0] ?? {} },
    nodes: document.nodes.map((node, n) => ({ ...node, note, config: configs[n % configs.length] ?? {} })),
    layout: Object.fromEntries(
      document.nodes.map(({ id }, n) => [id, [n, 10 - 1.5 * n] as [number, number]]),
    ),
  }))

describe.each(printers)('printing %s', (_, print) => {
  it('loses nothing: what is read again is the canonical document', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const read = parseDocumentText(print(document)) as WorkflowDocument
        expect(read).toEqual(canonical(document))
        expect(print(read)).toBe(print(document))
      }),
      { numRuns: 500 },
    )
  })

  it('gives canonical documents back as they are', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const once = canonical(document)
        expect(canonical(once)).toEqual(once)
        expect(parseDocumentText(print(once))).toEqual(once)
      }),
      { numRuns: 100 },
    )
  })

  it('does not depend on the order in which keys were written', () => {
    const one = documentOf({
      title: 'T',
      kind: 'sub',
      nodes: [{ id: 'a', type: 'set', title: 'A', join: 'any' }],
    })
    const reversed = JSON.parse(JSON.stringify(one), (_key, value) =>
      value && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    )
    expect(print(reversed)).toBe(print(one))
  })

  it('prints the demo workflows so that they are the same', () => {
    for (const document of readDemoWorkflows()) {
      const read = parseDocumentText(print(document)) as WorkflowDocument
      expect(read).toEqual(canonical(document))
      const facts = () => ({ inline: false })
      expect(compileGraph(read, facts)).toEqual(compileGraph(document, facts))
    }
  })
})

describe('the canonical form', () => {
  it('has a fixed order of keys, and leaves out what goes without saying', () => {
    const document = documentOf({
      layout: { b: [1, 2], a: [0, 0] },
      edges: [
        { to: 'b', port: 'out', from: 'a' },
        { to: 'b', port: 'no', from: 'a' },
      ],
      nodes: [
        {
          note: 'n',
          join: 'all',
          policy: { allowSkip: true, onError: 'hold', retry: { max: '1m', attempts: 1 } },
          type: 't',
          id: 'a',
        },
        { bind: { mode: 'start', path: '' }, config: { z: 1, a: 2 }, join: 'any', type: 't', id: 'b' },
      ],
      kind: 'main',
    })
    expect(JSON.stringify(canonical(document))).toBe(
      JSON.stringify({
        format: 'fermata/1',
        key: 'test',
        title: 'Test',
        nodes: [
          { id: 'a', type: 't', policy: { retry: { attempts: 1, max: '1m' }, onError: 'hold' }, note: 'n' },
          { id: 'b', type: 't', bind: { path: '' }, config: { z: 1, a: 2 }, join: 'any' },
        ],
        edges: [
          { from: 'a', to: 'b' },
          { from: 'a', port: 'no', to: 'b' },
        ],
        layout: { a: [0, 0], b: [1, 2] },
      }),
    )
  })

  it('means the same to the engine', () => {
    fc.assert(
      fc.property(randomCase({ failing: 0 }), ({ document }) => {
        const facts = () => ({ inline: false })
        expect(compileGraph(canonical(document), facts)).toEqual(compileGraph(document, facts))
        const context = { nodeTypes: new Map() }
        expect(validateDocument(canonical(document), context)).toMatchObject({
          problems: validateDocument(document, context).problems,
        })
      }),
      { numRuns: 100 },
    )
  })

  it('puts every edge and node on lines of its own', () => {
    const lines = printYaml(
      documentOf({
        nodes: [
          { id: 'a', type: 't' },
          { id: 'b', type: 't', config: { text: 'one\ntwo\n' } },
        ],
        edges: [{ from: 'a', to: 'b' }],
      }),
    )
    expect(lines).toBe(`format: fermata/1
key: test
title: Test
nodes:
  - id: a
    type: t
  - id: b
    type: t
    config:
      text: |
        one
        two
edges:
  - { from: a, to: b }
`)
  })
})
