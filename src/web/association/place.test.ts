import { describe, expect, it } from 'vitest'
import type { AssociationGraph } from '../../api/contract/associations.ts'
import { placementOf } from '../canvas/elk-graph.ts'
import { drawAssociations } from './draw.ts'
import { directionOf, elkGraphOf, recordSize } from './place.ts'

const record = (key: string) => ({ key, collection: 'host', id: key, label: key, boundBy: [] })
const graph: AssociationGraph = {
  nodes: ['target', 'a', 'b', 'c', 'alone'].map(record),
  edges: [
    ['target', 'a'],
    ['target', 'b'],
    ['b', 'c'],
    ['c', 'target'],
  ].map(([from = '', to = '']) => ({ from, to, relation: 'next' })),
  root: 'target',
  collections: [],
  truncated: false,
}

async function place() {
  const { default: ELK } = await import('elkjs/lib/elk.bundled.js')
  // The package is CommonJS: its types and its module disagree about where the class is.
  const Elk = ELK as unknown as new () => { layout(graph: object): Promise<ReturnType<typeof elkGraphOf>> }
  const drawing = drawAssociations(graph, { open: new Set() })
  return placementOf(await new Elk().layout(elkGraphOf(drawing)))
}

describe('the layout of the association graph', () => {
  it('puts the target first, also when a path comes back to it, and nothing over anything', async () => {
    const { nodes, edges } = await place()
    const x = (key: string) => nodes[key]?.x ?? Number.NaN
    const y = (key: string) => nodes[key]?.y ?? Number.NaN
    expect(y('target')).toBeLessThan(y('a'))
    expect(y('b')).toBeLessThan(y('c'))
    expect(x('a')).not.toBe(x('b'))
    expect(Object.keys(edges)).toHaveLength(4)
    const places = Object.values(nodes)
    for (const one of places)
      for (const other of places)
        if (one !== other)
          expect(
            Math.abs(one.x - other.x) >= recordSize.width || Math.abs(one.y - other.y) >= recordSize.height,
          ).toBe(true)
  })
})

describe('the direction', () => {
  const star = (leaves: number) => {
    const keys = Array.from({ length: leaves }, (_, index) => `leaf-${index}`)
    const edges = keys.map((to) => ({ from: 'target', to, relation: 'next' }))
    const nodes = ['target', ...keys].map(record)
    const drawn = { root: 'target', nodes, edges, collections: [], truncated: false }
    return directionOf(drawAssociations(drawn, { open: new Set() }))
  }
  it('is down for few records and to the right for many side by side', () => {
    expect(star(2)).toBe('DOWN')
    expect(star(40)).toBe('RIGHT')
  })
})
