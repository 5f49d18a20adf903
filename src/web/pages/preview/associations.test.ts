import { describe, expect, it } from 'vitest'
import { treeRows } from './associations.ts'

const record = (id: string) => ({ key: `host:${id}`, collection: 'host', id, label: id, boundBy: [] })
const edge = (from: string, to: string) => ({ from: `host:${from}`, to: `host:${to}`, relation: 'next' })

describe('treeRows', () => {
  it('walks from the target and shows a shared record once', () => {
    const graph = {
      nodes: [record('c'), record('a'), record('b')],
      edges: [edge('a', 'b'), edge('a', 'c'), edge('b', 'c')],
      collections: [],
      truncated: false,
    }
    expect(treeRows(graph, 'host:a').map((row) => [row.record.id, row.depth])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ])
  })
  it('ends on cycles and keeps what hangs nowhere', () => {
    const graph = {
      nodes: [record('a'), record('b'), record('lone')],
      edges: [edge('a', 'b'), edge('b', 'a')],
      collections: [],
      truncated: false,
    }
    expect(treeRows(graph, 'host:a').map((row) => row.record.id)).toEqual(['a', 'b', 'lone'])
  })
})
