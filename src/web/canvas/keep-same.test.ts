import { describe, expect, it } from 'vitest'
import { keepSame } from './keep-same.ts'
import type { CanvasModel, ModelNode } from './model.ts'
import type { CanvasRun } from './run-index.ts'

const node = (id: string, part: Partial<ModelNode> = {}): ModelNode => ({
  id,
  kind: 'card',
  number: 1,
  title: id,
  type: 'set',
  typeTitle: undefined,
  icon: 'x',
  group: 'control',
  ports: ['out'],
  usedPorts: ['out'],
  bound: false,
  ...part,
})
const model = (nodes: ModelNode[]): CanvasModel => ({
  nodes,
  edges: [{ id: 'a→b', from: 'a', to: 'b', port: 'out', decided: false, state: 'open' }],
})
const run: CanvasRun = { id: 'a', node: 'a', attempt: 1, status: 'running' }
const progress = { total: 3, done: 1, failed: 0, running: 2 }

describe('keepSame', () => {
  it('keeps the whole model when nothing has changed', () => {
    const first = model([node('a', { run, progress }), node('b')])
    expect(keepSame(first, model([node('a', { run, progress: { ...progress } }), node('b')]))).toBe(first)
  })

  it('keeps the nodes an update is not about', () => {
    const first = model([node('a', { run, progress }), node('b')])
    const next = keepSame(first, model([node('a', { run, progress: { ...progress, done: 2 } }), node('b')]))
    expect(next.nodes[0]?.progress?.done).toBe(2)
    expect(next.nodes[1]).toBe(first.nodes[1])
    expect(next.edges).toBe(first.edges)
  })

  it('takes a run that was told anew', () => {
    const first = model([node('a', { run })])
    expect(keepSame(first, model([node('a', { run: { ...run, status: 'completed' } })]))).not.toBe(first)
  })
})
