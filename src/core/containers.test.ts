// Rules 3, 4, 11 and 12: bodies and their scopes, bound nodes, and the modes of containers.
import { describe, expect, it } from 'vitest'
import {
  crash,
  done,
  each,
  fail,
  type Parts,
  parallel,
  play,
  port,
  type Table,
  task,
} from '../../tests/helpers/scenario.ts'
import type { NodeDocument } from './document.ts'
import { countIndices } from './index-set.ts'

const inBranch = (id: string, branch: string, extra: Partial<NodeDocument> = {}) =>
  task(id, { parent: 'p', branch, ...extra })

/** A parallel of two branches with one node each, `l` and `r`, and `after` behind it. */
const two = (mode: string): Parts => ({
  nodes: [
    parallel('p', mode, ['left', 'right']),
    inBranch('l', 'left'),
    inBranch('r', 'right'),
    task('after'),
  ],
  edges: ['p>after'],
})
const loop = (config: Record<string, unknown> = {}, extra: Partial<NodeDocument> = {}): NodeDocument => ({
  id: 'each',
  type: 'loop',
  config,
  ...extra,
})
const over = (config: Record<string, unknown> = {}): Parts => ({
  nodes: [loop(config), task('x', { parent: 'each' }), task('after')],
  edges: ['each>after'],
})
/** The counts a container ended with. */
const summary = (scenario: ReturnType<typeof play>, run: string) => scenario.marks(run).at(-1)?.summary

describe('rule 3: bodies', () => {
  it('start all nodes without inbound edges together', () => {
    const nodes = [{ id: 'g', type: 'group' }, ...['a', 'b', 'c'].map((id) => task(id, { parent: 'g' }))]
    expect(play({ nodes, edges: ['a>c'] }, { a: 'stay', b: 'stay' }).ran()).toEqual(['g', 'g/a', 'g/b'])
  })

  it('end when nothing in them goes on', () => {
    const nodes = [
      { id: 'g', type: 'group' },
      task('a', { parent: 'g' }),
      task('b', { parent: 'g' }),
      task('after'),
    ]
    const scenario = play({ nodes, edges: ['a:no>b', 'g>after'] })
    expect(scenario.ran()).toEqual(['g', 'g/a', 'after'])
  })

  it('may be empty', () => {
    const nodes = [parallel('p', 'all', ['left']), { id: 'g', type: 'group' }, loop(), task('after')]
    const scenario = play({ nodes, edges: ['p>after', 'g>after', 'each>after'] })
    expect(scenario.statuses()).toEqual({
      p: 'completed',
      g: 'completed',
      each: 'completed',
      after: 'completed',
    })
    expect(scenario.state.status).toBe('completed')
  })

  it('are routed by the ports within them, each scope by itself', () => {
    const nodes = [loop(), task('a', { parent: 'each' }), task('b', { parent: 'each' })]
    const scenario = play({ nodes, edges: ['a:no>b'] }, { 'each[1]/a': port('no') })
    expect(scenario.ran()).toEqual(['each', 'each[0]/a', 'each[1]/a', 'each[1]/b', 'each[2]/a'])
  })

  it('nest to any depth', () => {
    const nodes: NodeDocument[] = []
    for (let n = 0; n < 30; n++)
      nodes.push({ id: `g${n}`, type: 'group', ...(n ? { parent: `g${n - 1}` } : {}) })
    nodes.push(task('x', { parent: 'g29' }))
    const scenario = play({ nodes }, { x: fail })
    expect(scenario.state.status).toBe('failed')
    expect(scenario.statuses().g0).toBe('failed')
  })
})

describe('rule 4: bound nodes', () => {
  const records = (count: number) => Array.from({ length: count }, (_, n) => `h${n}`)
  const bound = (bind: object, count: number, extra: Partial<NodeDocument> = {}): Parts => ({
    nodes: [task('b', { bind: { path: 'x', ...bind }, ...extra }), task('after')],
    edges: ['b>after'],
    bindings: { b: records(count) },
  })

  it('run once per record', () => {
    const scenario = play(bound({}, 3))
    expect(scenario.ran()).toEqual(['b[h0]', 'b[h1]', 'b[h2]', 'after'])
    expect(summary(scenario, 'b')).toEqual({ total: 3, completed: 3, failed: 0, canceled: 0 })
  })

  it('complete at once without records', () => {
    const scenario = play(bound({}, 0))
    expect(scenario.ran()).toEqual(['after'])
    expect(summary(scenario, 'b')).toEqual({ total: 0, completed: 0, failed: 0, canceled: 0 })
  })

  it.each([
    ['ten', {}, 10],
    ['as many as they say', { concurrency: 3 }, 3],
  ])('run %s at once', (_, bind, count) => {
    expect(play(bound(bind, 25), { b: 'stay' }).ran()).toHaveLength(count)
  })

  it('start the next when one ends, and keep their number', () => {
    const scenario = play(bound({ concurrency: 2 }, 5), { b: 'stay' })
    scenario.send({ type: 'done', run: 'b[h1]', attempt: 1, ports: ['out'] })
    expect(scenario.ran()).toEqual(['b[h0]', 'b[h1]', 'b[h2]'])
  })

  it('start no further record once so many have failed', () => {
    const parts = bound({ concurrency: 1, stopAfter: { failed: 2 } }, 6)
    const scenario = play(parts, { b: done, 'b[h1]': fail, 'b[h2]': fail })
    expect(scenario.ran()).toEqual(['b[h0]', 'b[h1]', 'b[h2]'])
    expect(summary(scenario, 'b')).toEqual({ total: 6, completed: 1, failed: 2, canceled: 3 })
    expect(scenario.state.status).toBe('failed')
  })

  it('start no further record once such a share has failed', () => {
    const parts = bound({ concurrency: 1, stopAfter: { percent: 20 } }, 10)
    const scenario = play(parts, { b: fail })
    expect(scenario.ran()).toEqual(['b[h0]', 'b[h1]'])
  })

  it('work on all others when one fails', () => {
    const scenario = play(bound({ concurrency: 1 }, 3), { 'b[h0]': fail })
    expect(scenario.ran()).toEqual(['b[h0]', 'b[h1]', 'b[h2]'])
    expect(scenario.statuses()).toMatchObject({ b: 'failed', 'b[h0]': 'failed', 'b[h2]': 'completed' })
  })

  it('retry only the records that failed, each by the policy', () => {
    const parts = bound({}, 3, { policy: { retry: { attempts: 2, delay: '1s' } } })
    const scenario = play(parts, { 'b[h1]': [crash, crash, done] })
    expect(scenario.ran()).toEqual(['b[h0]', 'b[h1]', 'b[h2]', 'b[h1]#2', 'b[h1]#3', 'after'])
    expect(summary(scenario, 'b')).toMatchObject({ completed: 3, failed: 0 })
  })

  it('hold as a whole', () => {
    const scenario = play(bound({}, 3, { policy: { onError: 'hold' } }), { 'b[h1]': fail })
    expect(scenario.run('b')).toMatchObject({ status: 'failed', held: true })
    expect(scenario.state.status).toBe('running')
  })

  it('may be containers: one body per record', () => {
    const parts: Parts = {
      nodes: [{ id: 'g', type: 'group', bind: { path: 'x' } }, task('x', { parent: 'g' })],
      bindings: { g: ['h0', 'h1'] },
    }
    const scenario = play(parts)
    expect(scenario.ran()).toEqual(['g[h0]', 'g[h1]', 'g[h0]/x', 'g[h1]/x'])
    expect(scenario.state.status).toBe('completed')
  })
})

describe('rule 11: parallel', () => {
  it.each<[string, Table, Record<string, string>, string]>([
    ['all', {}, { p: 'completed', after: 'completed' }, 'completed'],
    [
      'all',
      { l: fail, r: 'stay' },
      { p: 'failed', 'p[left]/l': 'failed', 'p[right]/r': 'canceled' },
      'failed',
    ],
    ['all', { l: 'stay', r: crash }, { p: 'error', 'p[left]/l': 'canceled', 'p[right]/r': 'error' }, 'error'],
    [
      'any',
      { l: done, r: 'stay' },
      { p: 'completed', 'p[right]/r': 'canceled', after: 'completed' },
      'completed',
    ],
    ['any', { l: fail, r: done }, { p: 'completed', 'p[left]/l': 'failed', after: 'completed' }, 'completed'],
    ['any', { l: crash, r: fail }, { p: 'error', 'p[right]/r': 'failed' }, 'error'],
    [
      'race',
      { l: done, r: 'stay' },
      { p: 'completed', 'p[right]/r': 'canceled', after: 'completed' },
      'completed',
    ],
    ['race', { l: fail, r: 'stay' }, { p: 'failed', 'p[right]/r': 'canceled' }, 'failed'],
    [
      'settled',
      { l: fail, r: crash },
      { p: 'completed', 'p[left]/l': 'failed', after: 'completed' },
      'completed',
    ],
    ['settled', { l: fail, r: done }, { p: 'completed', after: 'completed' }, 'completed'],
  ])('%s with %o', (mode, table, statuses, status) => {
    const scenario = play(two(mode), table)
    expect(scenario.statuses()).toMatchObject(statuses)
    expect(scenario.state.status).toBe(status)
    if (status !== 'completed') expect(scenario.ran()).not.toContain('after')
  })

  it.each(['all', 'settled', 'any', 'race'])('%s waits while nothing is decided', (mode) => {
    const scenario = play(two(mode), { l: 'stay', r: 'stay' })
    expect(scenario.run('p')).toMatchObject({ status: 'running', body: { total: 2, live: 2 } })
  })

  it('any waits for the others when one fails, settled when one ends', () => {
    expect(play(two('any'), { l: fail, r: 'stay' }).state.runs.p?.status).toBe('running')
    expect(play(two('settled'), { l: done, r: 'stay' }).state.runs.p?.status).toBe('running')
  })

  it('stops what losers have going outside, and tells of every branch', () => {
    const scenario = play(two('any'), { l: done, r: 'stay' })
    expect(scenario.commands('stop')).toContainEqual({ type: 'stop', run: 'p[right]/r', attempt: 1 })
    expect(summary(scenario, 'p')).toEqual({ total: 2, completed: 1, failed: 0, canceled: 1 })
    expect(scenario.state.runs).toEqual({})
  })

  it('cancels losers deep inside', () => {
    const parts: Parts = {
      nodes: [
        parallel('p', 'race', ['left', 'right']),
        inBranch('l', 'left'),
        loop({ concurrency: 2 }, { parent: 'p', branch: 'right' }),
        task('x', { parent: 'each' }),
      ],
    }
    const scenario = play(parts, { x: 'stay', l: 'stay' })
    scenario.send({ type: 'done', run: 'p[left]/l', attempt: 1, ports: ['out'] })
    expect(scenario.statuses()).toMatchObject({
      'p[right]/each': 'canceled',
      'p[right]/each[0]/x': 'canceled',
      'p[right]/each[1]/x': 'canceled',
    })
    expect(scenario.state).toMatchObject({ status: 'completed', runs: {} })
  })
})

describe('rule 11: loop', () => {
  it('runs its body once per item, one after another', () => {
    const scenario = play(over(), { x: done })
    expect(scenario.ran()).toEqual(['each', 'each[0]/x', 'each[1]/x', 'each[2]/x', 'after'])
    expect(summary(scenario, 'each')).toEqual({ total: 3, completed: 3, failed: 0, canceled: 0 })
    expect(play(over(), { x: 'stay' }).ran()).toEqual(['each', 'each[0]/x'])
  })

  it('runs as many at once as it says', () => {
    expect(play(over({ concurrency: 2 }), { x: 'stay' }).ran()).toEqual(['each', 'each[0]/x', 'each[1]/x'])
  })

  it('over nothing completes', () => {
    expect(play(over(), { each: each(0) }).ran()).toEqual(['each', 'after'])
  })

  it('while a condition holds asks before each round', () => {
    const scenario = play(over(), { each: { type: 'while', count: 2 } })
    expect(scenario.ran()).toEqual(['each', 'each[0]/x', 'each[1]/x', 'after'])
    expect(scenario.commands('decide').map(({ index }) => index)).toEqual([1, 2])
    expect(summary(scenario, 'each')).toEqual({ total: 2, completed: 2, failed: 0, canceled: 0 })
  })

  it.each<[string, string[], string, object | undefined]>([
    [
      'stop',
      ['each', 'each[0]/x', 'each[1]/x'],
      'failed',
      { total: 3, completed: 1, failed: 1, canceled: 1 },
    ],
    [
      'break',
      ['each', 'each[0]/x', 'each[1]/x', 'after'],
      'completed',
      { total: 3, completed: 1, failed: 1, canceled: 1 },
    ],
    [
      'continue',
      ['each', 'each[0]/x', 'each[1]/x', 'each[2]/x', 'after'],
      'completed',
      { total: 3, completed: 2, failed: 1, canceled: 0 },
    ],
  ])('on the failure of an item: %s', (onItemFailure, ran, status, counts) => {
    const scenario = play(over({ onItemFailure }), { 'each[1]/x': fail })
    expect(scenario.ran()).toEqual(ran)
    expect(scenario.state.status).toBe(status)
    expect(summary(scenario, 'each')).toEqual(counts)
  })

  it.each(['stop', 'break'])('cancels the rounds beside the failed one on %s', (onItemFailure) => {
    const scenario = play(over({ onItemFailure, concurrency: 3 }), { x: 'stay', 'each[1]/x': fail })
    expect(scenario.statuses()).toMatchObject({ 'each[0]/x': 'canceled', 'each[2]/x': 'canceled' })
  })

  it('counts every failure when it continues', () => {
    const scenario = play(over({ onItemFailure: 'continue' }), { each: each(100), x: fail })
    expect(summary(scenario, 'each')).toEqual({ total: 100, completed: 0, failed: 100, canceled: 0 })
    expect(scenario.state.status).toBe('completed')
  })

  it('fails when a while condition cannot be answered', () => {
    const scenario = play(over(), { each: 'stay' })
    scenario.send({ type: 'each', run: 'each', attempt: 1, count: null })
    scenario.table.x = done
    scenario.send({ type: 'done', run: 'each[0]/x', attempt: 1, ports: ['out'] })
    scenario.send({ type: 'failed', run: 'each', attempt: 1, kind: 'error' })
    expect(scenario.statuses().each).toBe('error')
    expect(scenario.state.status).toBe('error')
  })
})

describe('rule 11: group', () => {
  const group = (policy: NodeDocument['policy'] = {}): Parts => ({
    nodes: [
      { id: 'g', type: 'group', policy },
      task('a', { parent: 'g' }),
      task('b', { parent: 'g' }),
      task('caught'),
      task('after'),
    ],
    edges: ['a>b', 'g:error>caught', 'g>after'],
  })

  it('fails with what fails inside it', () => {
    const scenario = play(group(), { a: crash })
    expect(scenario.statuses()).toEqual({ 'g/a': 'error', g: 'error' })
  })

  it('catches: its policy handles every failure inside', () => {
    expect(play(group({ onError: 'branch' }), { b: fail }).ran()).toEqual(['g', 'g/a', 'g/b', 'caught'])
    expect(play(group({ onError: 'continue' }), { b: fail }).ran()).toEqual(['g', 'g/a', 'g/b', 'after'])
  })

  it('is retried as a whole, from its first node', () => {
    const scenario = play(group({ retry: { attempts: 1, on: ['failed'] } }), { 'g/b': [fail, done] })
    expect(scenario.ran()).toEqual(['g', 'g/a', 'g/b', 'g/a#2', 'g/b#2', 'after'])
  })
})

describe('rule 12: what fails after a port fails the scope it is in', () => {
  it('condition-like nodes swallow nothing', () => {
    const nodes = [
      { id: 'g', type: 'group' },
      task('if', { parent: 'g' }),
      task('next', { parent: 'g' }),
      task('after'),
    ]
    const scenario = play({ nodes, edges: ['if:yes>next', 'g>after'] }, { if: port('yes'), next: fail })
    expect(scenario.statuses()).toMatchObject({ 'g/if': 'completed', 'g/next': 'failed', g: 'failed' })
    expect(scenario.state.status).toBe('failed')
  })

  it('cancels what else runs in the same scope, and in no other', () => {
    const nodes = [
      loop({ concurrency: 2, onItemFailure: 'continue' }),
      task('a', { parent: 'each' }),
      task('b', { parent: 'each' }),
    ]
    const scenario = play({ nodes }, { 'each[0]/a': fail, b: 'stay', 'each[1]/a': 'stay' })
    expect(scenario.statuses()).toMatchObject({ 'each[0]/b': 'canceled', 'each[1]/b': 'running' })
    expect(countIndices(scenario.run('each').body?.bad ?? [])).toBe(1)
  })
})
