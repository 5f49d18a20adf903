// A document compiled for the engine: what goes without saying is said here.
import { describe, expect, it } from 'vitest'
import type { NodeDocument, WorkflowDocument } from './document.ts'
import { durationMs } from './document.ts'
import { bodyKey, compileGraph, concurrencyOfRun, type TypeFacts } from './graph.ts'

const types: Record<string, TypeFacts> = {
  loop: { inline: true, container: 'loop' },
  parallel: { inline: true, container: 'parallel' },
  group: { inline: true, container: 'group' },
  set: { inline: true },
  ssh: { inline: false },
}

function compile(
  nodes: NodeDocument[],
  edges: WorkflowDocument['edges'] = [],
  more: Partial<WorkflowDocument> = {},
) {
  const document: WorkflowDocument = { format: 'fermata/1', key: 'k', title: 'T', nodes, edges, ...more }
  return compileGraph(document, (type) => types[type])
}
const nodeOf = (node: Partial<NodeDocument>) => compile([{ id: 'a', type: 'ssh', ...node }]).nodes.get('a')

describe('the graph', () => {
  it('rule 1: knows both ends of every edge, port out by default', () => {
    const { nodes } = compile(
      [
        { id: 'a', type: 'set' },
        { id: 'b', type: 'set' },
      ],
      [
        { from: 'a', to: 'b' },
        { from: 'a', to: 'b', port: 'no' },
      ],
    )
    expect(nodes.get('a')?.outbound).toEqual([
      { to: 'b', port: 'out' },
      { to: 'b', port: 'no' },
    ])
    expect(nodes.get('b')?.inbound).toEqual([
      { from: 'a', port: 'out' },
      { from: 'a', port: 'no' },
    ])
  })

  it('rule 3: knows where each body begins', () => {
    const { entries } = compile(
      [
        { id: 'p', type: 'parallel', config: { branches: [{ name: 'x' }, { name: 'y' }] } },
        { id: 'a', type: 'set', parent: 'p', branch: 'x' },
        { id: 'b', type: 'set', parent: 'p', branch: 'x' },
        { id: 'l', type: 'loop' },
        { id: 'c', type: 'set', parent: 'l' },
      ],
      [{ from: 'a', to: 'b' }],
    )
    const ids = Object.fromEntries([...entries].map(([key, nodes]) => [key, nodes.map(({ id }) => id)]))
    expect(ids).toEqual({ '': ['p', 'l'], 'p/x': ['a'], l: ['c'] })
    expect([bodyKey(undefined), bodyKey('l'), bodyKey('p', 'x')]).toEqual(['', 'l', 'p/x'])
  })

  it('rule 17: takes from the type whether a node is inline and a container', () => {
    expect(nodeOf({ type: 'set' })).toMatchObject({ inline: true })
    expect(nodeOf({ type: 'group' })).toMatchObject({ inline: true, container: 'group' })
    expect(nodeOf({ type: 'unknown' })).toMatchObject({ inline: false })
  })

  it('rule 9: has a whole policy for every node', () => {
    expect(nodeOf({})?.policy).toEqual({
      retries: 0,
      delayMs: 1000,
      factor: 2,
      maxDelayMs: 300_000,
      retryOn: ['error', 'timed-out'],
      onError: 'fail',
      allowSkip: true,
    })
    const policy = {
      timeout: '30s',
      retry: { attempts: 3, delay: 2, factor: 1, max: '1h', on: ['failed' as const] },
      onError: 'branch' as const,
      allowSkip: false,
    }
    expect(nodeOf({ policy })?.policy).toEqual({
      timeoutMs: 30_000,
      retries: 3,
      delayMs: 2000,
      factor: 1,
      maxDelayMs: 3_600_000,
      retryOn: ['failed'],
      onError: 'branch',
      allowSkip: false,
    })
  })

  it('rule 11: has a mode, a reaction and a concurrency for every container', () => {
    expect(nodeOf({ type: 'parallel', config: { branches: [{ name: 'x' }, 'y'] } })).toMatchObject({
      mode: 'all',
      branches: ['x', 'y'],
      concurrency: Number.POSITIVE_INFINITY,
    })
    expect(nodeOf({ type: 'loop' })).toMatchObject({ onItemFailure: 'stop', concurrency: 1 })
    expect(nodeOf({ type: 'loop', config: { concurrency: 4, onItemFailure: 'break' } })).toMatchObject({
      onItemFailure: 'break',
      concurrency: 4,
    })
  })

  it('rule 4: runs ten records at once unless told otherwise', () => {
    const concurrency = (bind: NodeDocument['bind']) => {
      const node = nodeOf({ ...(bind ? { bind } : {}) })
      return node && concurrencyOfRun(node, true)
    }
    expect(concurrency({ path: 'x' })).toBe(10)
    expect(concurrency({ path: 'x', concurrency: 3 })).toBe(3)
  })

  it('ends also for containers that contain themselves: drafts may be broken', () => {
    const { nodes } = compile([
      { id: 'a', type: 'loop', parent: 'b' },
      { id: 'b', type: 'loop', parent: 'a' },
    ])
    expect([...nodes.keys()]).toEqual(['a', 'b'])
  })

  it('ignores edges to nodes that are not there: drafts may be broken', () => {
    const { nodes } = compile(
      [{ id: 'a', type: 'set' }],
      [
        { from: 'a', to: 'x' },
        { from: 'y', to: 'a', port: 'no' },
      ],
    )
    expect(nodes.get('a')).toMatchObject({
      outbound: [{ to: 'x', port: 'out' }],
      inbound: [{ from: 'y', port: 'no' }],
    })
  })
})

describe('durations', () => {
  it.each([
    ['250ms', 250],
    ['30s', 30_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['1w', 604_800_000],
    [2.5, 2500],
    [0, 0],
  ])('%s is %i ms', (duration, ms) => expect(durationMs(duration)).toBe(ms))

  it.each(['', '5', 's', '5 m', '-1s', '1y'])('"%s" is none', (text) => expect(durationMs(text)).toBeNaN())
})
