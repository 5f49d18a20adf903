import { describe, expect, it } from 'vitest'
import type { WorkflowDocument } from '../../core/document.ts'
import { cardSize, elkGraphOf, placementOf } from './elk-graph.ts'
import { roundedPath } from './path.ts'
import { structureOf } from './structure.ts'
import { absolutePlaces, neighbour } from './walk.ts'

const text = { en: 'x', zh: 'x', ru: 'x' }
const types = new Map([
  ['set', { type: 'set', title: text, icon: 'circle', group: 'control' }],
  [
    'condition',
    { type: 'condition', title: text, icon: 'circle', group: 'control', ports: { fixed: ['yes', 'no'] } },
  ],
  ['loop', { type: 'loop', title: text, icon: 'circle', group: 'control', container: 'loop' as const }],
])
const document: WorkflowDocument = {
  format: 'fermata/1',
  key: 'test',
  title: 'Test',
  nodes: [
    { id: 'check', type: 'condition' },
    { id: 'left', type: 'set' },
    { id: 'right', type: 'loop' },
    { id: 'inner', type: 'set', parent: 'right' },
    { id: 'inner-2', type: 'set', parent: 'right' },
  ],
  edges: [
    { from: 'check', port: 'yes', to: 'left' },
    { from: 'check', port: 'no', to: 'right' },
    { from: 'inner', to: 'inner-2' },
  ],
}
const structure = structureOf(document, types)

async function place() {
  const { default: ELK } = await import('elkjs/lib/elk.bundled.js')
  // The package is CommonJS: its types and its module disagree about where the class is.
  const Elk = ELK as unknown as new () => { layout(graph: object): Promise<ReturnType<typeof elkGraphOf>> }
  return placementOf(await new Elk().layout(elkGraphOf(structure)))
}

describe('layout', () => {
  it('gives every node a place below what it follows and cards their size', async () => {
    const placement = await place()
    const places = absolutePlaces(structure.nodes, placement)
    expect(places.size).toBe(structure.nodes.length)
    expect(placement.nodes.check).toMatchObject(cardSize)
    expect(places.get('left')?.y ?? 0).toBeGreaterThanOrEqual((places.get('check')?.y ?? 0) + cardSize.height)
    expect(places.get('inner')?.y ?? 0).toBeGreaterThan(places.get('right')?.y ?? 0)
  })

  it('draws frames around their bodies', async () => {
    const { nodes } = await place()
    expect(nodes.right?.height ?? 0).toBeGreaterThan(2 * cardSize.height)
    expect(nodes.right?.width ?? 0).toBeGreaterThan(cardSize.width)
    // In the middle, though the frame is wider than its body.
    expect(nodes.inner?.x).toBe(((nodes.right?.width ?? 0) - cardSize.width) / 2)
  })

  it('routes edges orthogonally, on the whole canvas, with a place for labels', async () => {
    const placement = await place()
    const places = absolutePlaces(structure.nodes, placement)
    for (const { points } of Object.values(placement.edges))
      for (const [index, point] of points.entries()) {
        const before = points[index - 1]
        if (before) expect(before.x === point.x || before.y === point.y).toBe(true)
      }
    expect(placement.edges['check:yes→left']?.label).toBeDefined()
    const inner = placement.edges['inner:out→inner-2']?.points[0]
    expect(inner?.y).toBe((places.get('inner')?.y ?? 0) + cardSize.height)
  })

  it('keeps its key when only titles change', () => {
    const renamed = { ...document, nodes: document.nodes.map((node) => ({ ...node, title: 'Other' })) }
    expect(structureOf(renamed, types).key).toBe(structure.key)
    expect(structureOf({ ...document, edges: [] }, types).key).not.toBe(structure.key)
  })
})

describe('neighbour', () => {
  const places = new Map([
    ['a', { x: 100, y: 0 }],
    ['b', { x: 0, y: 100 }],
    ['c', { x: 200, y: 100 }],
  ])
  it('walks in the direction of the arrow', () => {
    expect(neighbour(places, 'b', 'ArrowRight')).toBe('c')
    expect(neighbour(places, 'c', 'ArrowUp')).toBe('a')
    expect(neighbour(places, 'a', 'ArrowUp')).toBeUndefined()
    expect(neighbour(places, 'ghost', 'ArrowUp')).toBeUndefined()
  })
})

describe('roundedPath', () => {
  it('rounds inner corners and keeps the ends', () => {
    const path = roundedPath([
      { x: 0, y: 0 },
      { x: 0, y: 20 },
      { x: 20, y: 20 },
    ])
    expect(path).toBe('M0,0 L0,14 Q0,20 6,20 L20,20')
  })
  it('is empty without points', () => {
    expect(roundedPath([])).toBe('')
  })
})
