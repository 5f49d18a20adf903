// Whatever comes in, validation answers; and what it lets through, the engine can run.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { realContext } from '../../../tests/helpers/documents.ts'
import { type RandomCase, randomCase } from '../../../tests/helpers/random-workflow.ts'
import { isLawfullyAtRest, planOf, send, settle, simulate } from '../../../tests/helpers/simulate.ts'
import { readDemoWorkflows } from '../../demo/read-workflows.ts'
import type { EdgeDocument, NodeDocument, WorkflowDocument } from '../document.ts'
import { compileGraph } from '../graph.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { NodeTypeFacts } from './context.ts'
import { problemCodes } from './problem-codes.ts'
import { validateDocument } from './validate-document.ts'

const real = await realContext()

/** The types of the simulator, as a registry would describe them. */
const open = { type: 'object' }
const branch = { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } }
const withBranches = { type: 'object', properties: { branches: { type: 'array', items: branch } } }
const simulated = {
  nodeTypes: new Map<string, NodeTypeFacts>([
    ['task', { config: open, ports: { fixed: ['out', 'no'] } }],
    ['end', { config: open, ports: { fixed: [] } }],
    ['loop', { config: open, container: 'loop' }],
    ['parallel', { config: withBranches, container: 'parallel' }],
    ['group', { config: open, container: 'group' }],
  ]),
}

/** Random cases are about running: here they get a target, and edges that their nodes can take. */
function fitted({ document }: RandomCase): WorkflowDocument {
  const nodes = new Map(document.nodes.map((node) => [node.id, node]))
  const seen = new Set<string>()
  const edges = document.edges
    .map((edge) => ({ ...edge, port: fittingPort(edge, nodes.get(edge.from)) }))
    .filter(({ from }) => nodes.get(from)?.type !== 'end')
    .filter(({ from, to, port }) => !seen.has(`${from} ${to} ${port}`) && seen.add(`${from} ${to} ${port}`))
  return { ...document, target: { collection: 'x' }, edges }
}

function fittingPort({ port = 'out' }: EdgeDocument, node: NodeDocument | undefined): string {
  if (port === 'error') return node?.policy?.onError === 'branch' ? port : 'out'
  return node?.type === 'task' && !node.bind ? port : 'out'
}

/** One change somewhere in a document: a value replaced, removed, doubled or put elsewhere. */
interface Corruption {
  at: number
  kind: 'replace' | 'remove' | 'double' | 'swap'
  value: Json
}

const corruption: fc.Arbitrary<Corruption> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('replace', 'remove', 'double', 'swap'),
  value: fc.oneof(
    fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
    fc.constantFrom<Json>(
      '{{',
      '{{ nodes.x }}',
      'error',
      'canary',
      -1,
      1e308,
      '__proto__',
      'toString',
      {},
      [],
    ),
  ),
})

interface Place {
  holder: Json[] | JsonObject
  key: string
}

function placesOf(value: Json): Place[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) => [{ holder: value, key }, ...placesOf(child)])
}

function corrupt(document: JsonObject, { at, kind, value }: Corruption): void {
  const places = placesOf(document)
  const place = places[at % places.length]
  if (!place) return
  const { holder, key } = place
  if (Array.isArray(holder)) corruptItem(holder, Number(key), { at, kind, value })
  else if (kind === 'remove') delete holder[key]
  else if (kind === 'double') holder[`${key}2`] = structuredClone(holder[key] ?? null)
  else holder[key] = value
}

function corruptItem(list: Json[], index: number, { kind, value, at }: Corruption): void {
  if (kind === 'remove') list.splice(index, 1)
  else if (kind === 'double') list.push(structuredClone(list[index] ?? null))
  else if (kind === 'swap') list.splice(index, 1, structuredClone(list[at % list.length] ?? null))
  else list[index] = value
}

const originals = readDemoWorkflows()

describe('laws of validation', () => {
  it('random corruptions of real documents never throw, and every pointer leads somewhere', () => {
    const changes = fc.array(corruption, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.constantFrom(...originals), changes, (original, list) => {
        const document = structuredClone(original) as unknown as JsonObject
        for (const change of list) corrupt(document, change)
        const { problems } = validateDocument(document, real)
        for (const { code, pointer, message } of problems) {
          expect(problemCodes).toContain(code)
          expect(message).not.toBe('')
          expect(leadsSomewhere(document, pointer), pointer).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('any JSON at all is answered', () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 4 }), (value) => {
        expect(validateDocument(value, real).problems.length).toBeGreaterThan(0)
      }),
    )
  })

  it('random workflows that fit have no problems, and run', () => {
    fc.assert(
      fc.property(randomCase({ failing: 20 }), (sample) => {
        const document = fitted(sample)
        expect(validateDocument(document, simulated).problems).toEqual([])
        expectToRun(document, sample)
      }),
      { numRuns: 1000 },
    )
  })

  it('what is let through after corruption runs too', () => {
    let accepted = 0
    const changes = fc.array(corruption, { minLength: 1, maxLength: 2 })
    fc.assert(
      fc.property(randomCase({ failing: 20 }), changes, (sample, list) => {
        const document = fitted(sample) as unknown as JsonObject
        const changed = structuredClone(document)
        for (const change of list) corrupt(changed, change)
        const { document: read, problems } = validateDocument(changed, simulated)
        if (!read || problems.length > 0) return
        accepted += 1
        expectToRun(read, sample)
      }),
      { numRuns: 2000 },
    )
    expect(accepted).toBeGreaterThan(100)
  })
})

/** A pointer to what is missing ends one part beyond what is there; two when the config is missing as a whole. */
function leadsSomewhere(document: Json, pointer: string): boolean {
  const parts = pointer.split('/').slice(1)
  let value: Json | undefined = document
  for (const [index, part] of parts.entries()) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    const holder: Json | undefined = value
    if (typeof holder !== 'object' || holder === null) return false
    value = Array.isArray(holder) ? holder[Number(key)] : Object.hasOwn(holder, key) ? holder[key] : undefined
    if (value === undefined) return index === parts.length - 1 || part === 'config'
  }
  return true
}

function expectToRun(document: WorkflowDocument, { bindings, answers }: RandomCase): void {
  expect(() =>
    compileGraph(document, (type) => ({ inline: false, ...simulated.nodeTypes.get(type) }) as never),
  ).not.toThrow()
  const bound = Object.fromEntries(
    document.nodes.filter(({ bind }) => bind).map(({ id }) => [id, bindings[id] ?? ['a', 'b']]),
  )
  const simulation = simulate(planOf(document, bound))
  const answer: typeof answers = (node, run, attempt) => {
    const given = answers(node, run, attempt)
    const branches = document.nodes.find(({ id }) => id === node)?.config?.branches
    return given.type === 'each' && Array.isArray(branches) ? { type: 'each', count: branches.length } : given
  }
  send(simulation, { type: 'started' }, answer)
  settle(simulation, answer)
  expect(simulation.pending).toEqual([])
  expect(isLawfullyAtRest(simulation.state)).toBe(true)
  expect(isJsonObject(simulation.state)).toBe(true)
}
