import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EdgeDocument, NodeDocument, WorkflowDocument } from '../../core/document.ts'
import { cardSize, type Placement, type Point, portId } from './elk-graph.ts'
import { placeInSeries } from './series-parallel.ts'
import { type Structure, structureOf } from './structure.ts'
import { absolutePlaces } from './walk.ts'

const text = { en: 'x', zh: 'x', ru: 'x' }
const look = { title: text, icon: 'circle', group: 'control' }
const types = new Map([
  ['set', { type: 'set', ...look }],
  ['condition', { type: 'condition', ...look, ports: { fixed: ['yes', 'no', 'other'] } }],
  ['loop', { type: 'loop', ...look, container: 'loop' as const }],
])

/** One after the other, side by side, or one thing. */
type Shape =
  | { kind: 'one'; ends: boolean }
  | { kind: 'series'; of: Shape[] }
  | { kind: 'fan'; of: Shape[]; past: boolean; ports: boolean }
  | { kind: 'loop'; of: Shape }

const { shape: shapes } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.record({ kind: fc.constant('one'), ends: fc.boolean() }) as fc.Arbitrary<Shape>,
    fc.record({
      kind: fc.constant('series'),
      of: fc.array(tie('shape'), { minLength: 1, maxLength: 4 }),
    }) as fc.Arbitrary<Shape>,
    fc.record({
      kind: fc.constant('fan'),
      of: fc.array(tie('shape'), { minLength: 2, maxLength: 3 }),
      past: fc.boolean(),
      ports: fc.boolean(),
    }) as fc.Arbitrary<Shape>,
    fc.record({ kind: fc.constant('loop'), of: tie('shape') }) as fc.Arbitrary<Shape>,
  ),
}))

type Ends = { from: string; port?: string }[]

/** A workflow of that shape. */
function documentOf(shape: Shape): WorkflowDocument {
  const nodes: NodeDocument[] = []
  const edges: EdgeDocument[] = []
  const add = (type: string, before: Ends, parent?: string): string => {
    const id = `n${nodes.length}`
    nodes.push({ id, type, ...(parent === undefined ? {} : { parent }) })
    edges.push(...before.map((end) => ({ ...end, to: id })))
    return id
  }
  const draw = (what: Shape, before: Ends, parent?: string): Ends => {
    if (what.kind === 'one') return [{ from: add('set', before, parent) }]
    if (what.kind === 'series') {
      const [first, ...rest] = what.of
      const begun = first ? draw(first, before, parent) : before
      // Nothing follows what has ended.
      return rest.reduce((ends, one) => (ends.length > 0 ? draw(one, ends, parent) : ends), begun)
    }
    if (what.kind === 'loop') {
      const loop = add('loop', before, parent)
      draw(what.of, [], loop)
      return [{ from: loop }]
    }
    const fork = add(what.ports ? 'condition' : 'set', before, parent)
    const portOf = (index: number) => (what.ports ? { port: ['yes', 'no', 'other'][index] as string } : {})
    const ends = what.of.flatMap((branch, index) => {
      const end = draw(branch, [{ from: fork, ...portOf(index) }], parent)
      // It leads to nothing further.
      return branch.kind === 'one' && branch.ends ? [] : end
    })
    if (what.past) ends.push({ from: fork, ...portOf(2) })
    return ends.length > 0 ? [{ from: add('set', ends, parent) }] : []
  }
  draw(shape, [])
  return { format: 'fermata/1', key: 'test', title: 'Test', nodes, edges }
}

type Box = Point & { width: number; height: number }

const boxesOf = (structure: Structure, placement: Placement): Map<string, Box> =>
  new Map(
    [...absolutePlaces(structure.nodes, placement)].map(([id, at]) => [
      id,
      { ...cardSize, ...placement.nodes[id], ...at },
    ]),
  )

const overlap = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height

const strip = (from: Point, to: Point): Box => ({
  x: Math.min(from.x, to.x),
  y: Math.min(from.y, to.y),
  width: Math.abs(to.x - from.x),
  height: Math.abs(to.y - from.y),
})

function expectSound(structure: Structure, placement: Placement): void {
  const boxes = boxesOf(structure, placement)
  const cards = structure.nodes.filter(({ kind }) => kind === 'card').map(({ id }) => id)
  expect(boxes.size).toBe(structure.nodes.length)
  const boxOf = (id: string) => boxes.get(id) as Box
  for (const [index, one] of cards.entries())
    for (const other of cards.slice(index + 1)) expect(overlap(boxOf(one), boxOf(other))).toBe(false)
  for (const edge of structure.edges) {
    const { points = [], label } = placement.edges[edge.id] ?? {}
    const [from, to] = [boxOf(edge.from), boxOf(edge.to)]
    const start = from.x + (placement.ports[portId(edge.from, edge.port)] ?? 0)
    expect(points.at(0)).toEqual({ x: start, y: from.y + from.height })
    expect(points.at(-1)).toEqual({ x: to.x + to.width / 2, y: to.y })
    expect(label !== undefined).toBe(edge.label !== undefined)
    for (const [index, point] of points.slice(1).entries()) {
      const before = points[index] as Point
      expect(before.x === point.x || before.y === point.y).toBe(true)
      expect(point.y).toBeGreaterThanOrEqual(before.y)
      const line = strip(before, point)
      for (const card of cards) expect(overlap(line, boxOf(card))).toBe(false)
    }
  }
}

const woven: WorkflowDocument = {
  ...{ format: 'fermata/1', key: 'woven', title: 'Woven' },
  nodes: ['a', 'b', 'c', 'd'].map((id) => ({ id, type: 'set' })),
  edges: [
    { from: 'a', to: 'c' },
    { from: 'a', to: 'd' },
    { from: 'b', to: 'c' },
    { from: 'b', to: 'd' },
  ],
}

describe('places in series', () => {
  it('lets nothing overlap, draws every line from port to node, and through no card', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const structure = structureOf(documentOf(shape), types)
        const placement = placeInSeries(structure)
        expect(placement).toBeDefined()
        if (placement) expectSound(structure, placement)
      }),
      { numRuns: 60 },
    )
  })

  it('stacks a long row in one column', () => {
    const of = Array.from({ length: 2000 }, (): Shape => ({ kind: 'one', ends: false }))
    const structure = structureOf(documentOf({ kind: 'series', of }), types)
    const { nodes = {} } = placeInSeries(structure) ?? {}
    expect(Object.keys(nodes)).toHaveLength(2000)
    expect(new Set(Object.values(nodes).map(({ x }) => x)).size).toBe(1)
  })

  it('leaves branches that are woven into each other to another way', () => {
    expect(placeInSeries(structureOf(woven, types))).toBeUndefined()
  })
})
