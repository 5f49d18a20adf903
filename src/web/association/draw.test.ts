import { describe, expect, it } from 'vitest'
import type { AssociationGraph } from '../../api/contract/associations.ts'
import { drawAssociations, groupKey } from './draw.ts'

const record = (collection: string, id: string | number) => ({
  key: `${collection}:${id}`,
  collection,
  id: String(id),
  label: `${collection} ${id}`,
  boundBy: [],
})
const range = (count: number) => Array.from({ length: count }, (_, index) => index)

/** A unit with hosts, each with an app. */
function world(hosts: number): AssociationGraph {
  return {
    nodes: [
      record('unit', 'u'),
      ...range(hosts).flatMap((id) => [record('host', id), record('app', id)]),
      record('unit', 'other'),
    ],
    edges: range(hosts).flatMap((id) => [
      { from: 'unit:u', to: `host:${id}`, relation: 'hosts' },
      { from: `host:${id}`, to: `app:${id}`, relation: 'apps' },
    ]),
    root: 'unit:u',
    collections: [],
    truncated: false,
  }
}
const draw = (graph: AssociationGraph, more: object = {}) =>
  drawAssociations(graph, { open: new Set(), ...more })

describe('drawAssociations', () => {
  it('draws every record of a small graph, the target marked', () => {
    const { boxes, links } = draw(world(3))
    expect(boxes).toHaveLength(8)
    expect(boxes.filter((box) => box.kind === 'record' && box.isRoot).map((box) => box.key)).toEqual([
      'unit:u',
    ])
    expect(links).toHaveLength(6)
  })

  it('folds the largest collections until few boxes are left, never the target', () => {
    const graph = world(400)
    graph.nodes.push(record('app', 'more'))
    const { boxes, links, boxOf } = draw(graph)
    expect(boxes.map((box) => box.key)).toEqual(['unit:u', groupKey('host'), groupKey('app'), 'unit:other'])
    expect(boxes.map((box) => (box.kind === 'group' ? box.records.length : 1))).toEqual([1, 400, 401, 1])
    expect(links.map(({ from, to, relations }) => [from, to, relations])).toEqual([
      ['unit:u', groupKey('host'), ['hosts']],
      [groupKey('host'), groupKey('app'), ['apps']],
    ])
    expect(boxOf.get('host:7')).toBe(groupKey('host'))
  })

  it('keeps drawing records one by one in what is not folded', () => {
    const graph = world(100)
    graph.nodes.push(record('app', 'more'))
    const { boxes } = draw(graph)
    expect(boxes.filter((box) => box.kind === 'group').map((box) => box.key)).toEqual([groupKey('app')])
    expect(boxes.filter((box) => box.kind === 'record')).toHaveLength(102)
  })

  it('has another key when a group is opened, the same when only bindings change', () => {
    const graph = world(400)
    const open = draw(graph, { open: new Set([groupKey('host')]) })
    expect(open.key).not.toBe(draw(graph).key)
    const bound = { ...graph, nodes: graph.nodes.map((node) => ({ ...node, boundBy: ['restart'] })) }
    expect(draw(bound).key).toBe(draw(graph).key)
  })

  it('draws no link inside a group', () => {
    const graph = world(400)
    graph.edges.push({ from: 'host:1', to: 'host:2', relation: 'next' })
    expect(draw(graph).links.map((link) => link.from)).not.toContain(
      `${groupKey('host')}→${groupKey('host')}`,
    )
    expect(draw(graph).links).toHaveLength(2)
  })
})
