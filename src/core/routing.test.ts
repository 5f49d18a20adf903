// Rules 1, 2, 5 and 6: which nodes run after which.
import { describe, expect, it } from 'vitest'
import { ask, done, fail, parallel, play, port, task } from '../../tests/helpers/scenario.ts'

const tasks = (...ids: string[]) => ids.map((id) => task(id))

describe('rule 1: edges, forks and joins', () => {
  it('a node without a port leaves by out', () => {
    expect(play({ nodes: tasks('a', 'b'), edges: ['a>b'] }).ran()).toEqual(['a', 'b'])
    expect(play({ nodes: tasks('a', 'b'), edges: ['a:out>b'] }).ran()).toEqual(['a', 'b'])
  })

  it('all nodes without inbound edges start together', () => {
    const scenario = play({ nodes: tasks('a', 'b', 'c'), edges: ['a>c'] }, { a: 'stay', b: 'stay' })
    expect(scenario.ran()).toEqual(['a', 'b'])
  })

  it('several edges from one port all fire', () => {
    const scenario = play(
      { nodes: tasks('a', 'b', 'c', 'd'), edges: ['a>b', 'a>c', 'a>d'] },
      { b: 'stay', c: 'stay' },
    )
    expect(scenario.ran()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('a node may take several ports', () => {
    const scenario = play(
      { nodes: tasks('a', 'b', 'c', 'd'), edges: ['a:yes>b', 'a>c', 'a:no>d'] },
      { a: port('yes', 'out') },
    )
    expect(scenario.ran()).toEqual(['a', 'b', 'c'])
  })

  it('join all starts when every inbound edge is settled', () => {
    const parts = { nodes: tasks('a', 'b', 'c'), edges: ['a>c', 'b>c'] }
    expect(play(parts, { b: 'stay' }).ran()).toEqual(['a', 'b'])
    expect(play(parts).ran()).toEqual(['a', 'b', 'c'])
  })

  it('join any starts at the first edge taken, and only once', () => {
    const nodes = [...tasks('a', 'b', 'x'), task('c', { join: 'any' }), task('d')]
    const parts = { nodes, edges: ['a>c', 'b>x', 'x>c', 'c>d'] }
    const scenario = play(parts)
    expect(scenario.ran()).toEqual(['a', 'b', 'c', 'x', 'd'])
    expect(play(parts, { b: 'stay' }).ran()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('join any is not started again by an edge that fires while it runs', () => {
    const nodes = [...tasks('a', 'b'), task('c', { join: 'any' })]
    const scenario = play({ nodes, edges: ['a>c', 'b>c'] }, { c: 'stay' })
    expect(scenario.ran()).toEqual(['a', 'b', 'c'])
  })
})

describe('rule 2: ports that are not taken', () => {
  it('leave what follows them unreached, all the way down', () => {
    const nodes = tasks('a', 'yes', 'no', 'after-no', 'last-no')
    const edges = ['a:yes>yes', 'a:no>no', 'no>after-no', 'after-no>last-no']
    const scenario = play({ nodes, edges }, { a: port('yes') })
    expect(scenario.ran()).toEqual(['a', 'yes'])
    expect(scenario.statuses()).toEqual({ a: 'completed', yes: 'completed' })
    expect(scenario.state.status).toBe('completed')
  })

  it('need no special node to merge again: every join ends', () => {
    const nodes = tasks('a', 'yes', 'no', 'merge')
    const edges = ['a:yes>yes', 'a:no>no', 'yes>merge', 'no>merge']
    expect(play({ nodes, edges }, { a: port('no') }).ran()).toEqual(['a', 'no', 'merge'])
  })

  it('keep a join from starting when none of its edges is taken', () => {
    const nodes = [...tasks('a', 'b', 'c'), task('d', { join: 'any' }), task('e')]
    const edges = ['a:no>c', 'b:no>c', 'a:no>d', 'b:no>d', 'd>e']
    const scenario = play({ nodes, edges })
    expect(scenario.ran()).toEqual(['a', 'b'])
    expect(scenario.state.status).toBe('completed')
  })

  it('settle a join that waits for the last of them', () => {
    const nodes = tasks('a', 'b', 'x', 'join')
    const edges = ['a>join', 'b:no>x', 'x>join']
    const scenario = play({ nodes, edges })
    expect(scenario.ran()).toEqual(['a', 'b', 'join'])
  })

  it('may be all: a node that takes none is the end of its way', () => {
    const scenario = play({ nodes: tasks('a', 'b'), edges: ['a>b'] }, { a: port() })
    expect(scenario.ran()).toEqual(['a'])
    expect(scenario.state.status).toBe('completed')
  })

  it('die in long chains without recursion', () => {
    const ids = Array.from({ length: 2000 }, (_, n) => `n${n}`)
    const edges = ids.slice(1).map((id, n) => `n${n}:${n === 0 ? 'no' : 'out'}>${id}`)
    const scenario = play({ nodes: tasks(...ids), edges })
    expect(scenario.ran()).toEqual(['n0'])
    expect(scenario.state.status).toBe('completed')
  })
})

const end = (id: string, status: string, extra = {}) => ({ id, type: 'end', config: { status }, ...extra })

describe('rule 5: end', () => {
  it('ends the whole execution, cancels what is live, and says so on each run', () => {
    const nodes = [...tasks('a', 'slow', 'asked', 'held'), end('stop', 'completed')]
    nodes[3] = task('held', { policy: { onError: 'hold' } })
    const scenario = play({ nodes, edges: ['a>stop'] }, { slow: 'stay', asked: ask, held: fail, a: [done] })
    expect(scenario.state.status).toBe('completed')
    expect(scenario.statuses()).toMatchObject({ stop: 'completed', slow: 'canceled', asked: 'canceled' })
    expect(scenario.commands('stop').map(({ run }) => run)).toEqual(expect.arrayContaining(['slow', 'asked']))
    expect(scenario.commands('finish')).toEqual([{ type: 'finish', status: 'completed', run: 'stop' }])
  })

  it('leaves a held failure recorded as the failure it was', () => {
    const nodes = [task('a', { policy: { onError: 'hold' } }), task('b'), end('stop', 'completed')]
    const scenario = play({ nodes, edges: ['b>stop'] }, { a: fail, b: 'stay' })
    scenario.send({ type: 'done', run: 'b', attempt: 1, ports: ['out'] })
    expect(scenario.statuses()).toMatchObject({ a: 'failed', stop: 'completed' })
  })

  it('may end it as failed', () => {
    const scenario = play({ nodes: [end('stop', 'failed')] })
    expect(scenario.state.status).toBe('failed')
    expect(scenario.statuses()).toEqual({ stop: 'completed' })
  })

  it('works from anywhere inside', () => {
    const nodes = [
      task('other'),
      parallel('p', 'settled', ['left', 'right']),
      { id: 'l', type: 'loop', parent: 'p', branch: 'left' },
      end('stop', 'failed', { parent: 'l' }),
      task('r', { parent: 'p', branch: 'right' }),
      task('after'),
    ]
    const scenario = play({ nodes, edges: ['p>after'] }, { other: 'stay', r: 'stay' })
    expect(scenario.state.status).toBe('failed')
    expect(scenario.commands('finish')).toEqual([
      { type: 'finish', status: 'failed', run: 'p[left]/l[0]/stop' },
    ])
    expect(scenario.statuses()).toMatchObject({ other: 'canceled', 'p[right]/r': 'canceled', p: 'canceled' })
    expect(scenario.ran()).not.toContain('after')
    expect(scenario.ran()).not.toContain('p[left]/l[1]/stop')
  })
})

describe('rule 6: the end of the way', () => {
  it('a workflow with no nodes completes', () => {
    const scenario = play({ nodes: [] })
    expect(scenario.state).toMatchObject({ status: 'completed', runs: {} })
    expect(scenario.commands('finish')).toEqual([{ type: 'finish', status: 'completed' }])
  })

  it('reaching no further node completes the execution, once', () => {
    const scenario = play({ nodes: tasks('a', 'b', 'c'), edges: ['a>b', 'a>c'] })
    expect(scenario.state.status).toBe('completed')
    expect(scenario.commands('finish')).toHaveLength(1)
  })

  it('not before every branch has ended', () => {
    const scenario = play({ nodes: tasks('a', 'b') }, { b: 'stay' })
    expect(scenario.state.status).toBe('running')
    scenario.send({ type: 'done', run: 'b', attempt: 1, ports: ['out'] })
    expect(scenario.state.status).toBe('completed')
  })
})
