// What operators do (`engine.md` §6), each act where it is legal and where it is not; rule 14 for what has ended.
import { describe, expect, it } from 'vitest'
import {
  ask,
  crash,
  done,
  fail,
  isIgnored,
  nap,
  type Parts,
  parallel,
  play,
  type Scenario,
  type Table,
  task,
} from '../../tests/helpers/scenario.ts'
import type { NodeDocument } from './document.ts'
import type { ActEvent } from './event.ts'
import { flagsOf } from './state.ts'

const hold = { policy: { onError: 'hold' as const } }
const chain: Parts = { nodes: [task('a', hold), task('b')], edges: ['a>b'] }

/** A run in each situation an act may meet. */
const situations = {
  running: () => play(chain, { a: 'stay' }),
  'time wait': () => play(chain, { a: nap }),
  'person wait': () => play(chain, { a: ask }),
  'event wait': () => withWait('event'),
  held: () => play(chain, { a: [fail, done] }),
  risky: () => {
    const scenario = play(chain, { a: 'stay' })
    scenario.send({ type: 'risky', run: 'a', attempt: 1 })
    return scenario
  },
  retrying: () => retrying(),
  completed: () => play(chain, { b: 'stay' }),
  failed: () => play({ ...chain, nodes: [task('a'), task('b')] }, { a: [fail, done] }),
  terminated: () => {
    const scenario = play(chain, { a: 'stay' })
    scenario.send({ type: 'terminated', reason: 'terminated' })
    return scenario
  },
} satisfies Record<string, () => Scenario>
type Situation = keyof typeof situations

function withWait(kind: 'event' | 'child'): Scenario {
  const scenario = play(chain, { a: 'stay' })
  scenario.send({ type: 'waiting', run: 'a', attempt: 1, for: kind })
  return scenario
}

function retrying(): Scenario {
  const nodes = [task('a', { policy: { retry: { attempts: 1 } } }), task('b')]
  const scenario = play({ nodes, edges: ['a>b'] }, { a: 'stay' })
  scenario.send({ type: 'failed', run: 'a', attempt: 1, kind: 'error' })
  return scenario
}

const everywhere = Object.keys(situations) as Situation[]

describe('which act is legal where', () => {
  it.each<[ActEvent, Situation[]]>([
    [
      { type: 'paused' },
      ['running', 'time wait', 'person wait', 'event wait', 'held', 'risky', 'retrying', 'completed'],
    ],
    [{ type: 'resumed' }, []],
    [{ type: 'retried', run: 'a' }, ['held', 'failed']],
    [{ type: 'skipped', run: 'a' }, ['held', 'time wait', 'risky']],
    [{ type: 'completed', run: 'a' }, ['held', 'time wait', 'person wait', 'event wait']],
    [{ type: 'chosen', run: 'a', port: 'out' }, ['person wait']],
    [{ type: 'confirmed', run: 'a' }, ['risky']],
    [{ type: 'rebound', run: 'a', count: 1 }, []],
    [{ type: 'retried', run: 'nobody' }, []],
    [{ type: 'skipped', run: 'a[x]' }, []],
  ])('%o', (act, legal) => {
    const found = everywhere.filter((name) => !isIgnored(situations[name](), act))
    expect(found).toEqual(everywhere.filter((name) => legal.includes(name)))
  })

  it.each<ActEvent>([
    { type: 'retried', run: 'a', attempt: 9 },
    { type: 'skipped', run: 'a', attempt: 9 },
    { type: 'completed', run: 'a', attempt: 9 },
    { type: 'chosen', run: 'a', attempt: 9, port: 'out' },
    { type: 'confirmed', run: 'a', attempt: 9 },
  ])('an act on another attempt does nothing: %o', (act) => {
    for (const name of everywhere) expect(isIgnored(situations[name](), act), name).toBe(true)
  })

  it('a second click does nothing twice', () => {
    for (const type of ['retried', 'skipped', 'completed'] as const) {
      const scenario = situations.held()
      const { attempt } = scenario.run('a')
      scenario.send({ type, run: 'a', attempt })
      expect(isIgnored(scenario, { type, run: 'a', attempt })).toBe(true)
    }
  })
})

describe('records a person is asked about', () => {
  const records = Array.from({ length: 20 }, (_, n) => `h${n}`)
  /** Each is stopped for its risk as soon as it is looked at. */
  const askAll = () => {
    const nodes = [task('a', { bind: { path: 'x', concurrency: 5 } })]
    const scenario = play({ nodes, bindings: { a: records } }, { a: 'stay' })
    for (const record of records) scenario.send({ type: 'risky', run: `a[${record}]`, attempt: 1 })
    return scenario
  }
  const among = (scenario: Scenario, status: string) =>
    Object.entries(scenario.state.runs).filter(([id, run]) => id.startsWith('a[') && run.status === status)

  it('take no place of the concurrency: all of them ask together', () => {
    const scenario = askAll()
    expect(among(scenario, 'risky')).toHaveLength(20)
    expect(flagsOf(scenario.state)).toEqual({ waiting: true, attention: true })
  })

  it('go on, once confirmed, as many at a time as the node allows', () => {
    const scenario = askAll()
    for (const record of records) scenario.send({ type: 'confirmed', run: `a[${record}]`, attempt: 1 })
    for (const { length } = records; scenario.state.status === 'running'; ) {
      const running = among(scenario, 'running')
      expect(running).toHaveLength(Math.min(5, length - (scenario.run('a').body?.ok ?? 0)))
      scenario.send({ type: 'done', run: running[0]?.[0] as string, attempt: 2, ports: ['out'] })
    }
    expect(scenario.state.status).toBe('completed')
    const sent = scenario.commands('run').filter(({ attempt }) => attempt === 2)
    expect(sent.map(({ run, confirmed }) => [run, confirmed])).toEqual(
      records.map((record) => [`a[${record}]`, true]),
    )
  })

  it('are not begun while the execution is paused, and not all at once when it is resumed', () => {
    const scenario = askAll()
    scenario.send({ type: 'paused' })
    for (const record of records) scenario.send({ type: 'confirmed', run: `a[${record}]`, attempt: 1 })
    expect(among(scenario, 'running')).toEqual([])
    scenario.send({ type: 'resumed' })
    expect(among(scenario, 'running')).toHaveLength(5)
  })

  it('leave their place to others that are not asked about', () => {
    const nodes = [task('a', { bind: { path: 'x', concurrency: 1 } })]
    const scenario = play({ nodes, bindings: { a: records } }, { 'a[h0]': 'stay' })
    scenario.send({ type: 'risky', run: 'a[h0]', attempt: 1 })
    expect(scenario.run('a').body).toMatchObject({ ok: 19, live: 1, resting: 1 })
    scenario.send({ type: 'skipped', run: 'a[h0]' })
    expect(scenario.state.status).toBe('completed')
  })

  it('are asked about anew, within the concurrency, when the ended execution is taken up again', () => {
    const nodes = [task('a', { bind: { path: 'x', concurrency: 5 } }), task('b')]
    const scenario = play({ nodes, bindings: { a: records } }, { a: 'stay', b: 'stay' })
    for (const record of records) scenario.send({ type: 'risky', run: `a[${record}]`, attempt: 1 })
    scenario.send({ type: 'failed', run: 'b', attempt: 1, kind: 'failed' })
    expect(scenario.state.status).toBe('failed')
    scenario.send({ type: 'retried', run: 'b' })
    expect(among(scenario, 'running')).toHaveLength(5)
    expect(scenario.run('a').body).toMatchObject({ live: 20, resting: 15 })
  })
})

describe('pause and resume', () => {
  it('no new node run starts; the one that runs ends, and its successors start on resume', () => {
    const scenario = play(chain, { a: 'stay' })
    scenario.send({ type: 'paused' })
    expect(scenario.state.status).toBe('paused')
    expect(scenario.commands('hold')).toHaveLength(1)
    scenario.send({ type: 'done', run: 'a', attempt: 1, ports: ['out'] })
    expect(scenario.ran()).toEqual(['a'])
    expect(scenario.run('b')).toMatchObject({ status: 'queued', parked: true })
    expect(isIgnored(scenario, { type: 'paused' })).toBe(true)
    scenario.send({ type: 'resumed' })
    expect(scenario.commands('release')).toHaveLength(1)
    expect(scenario.ran()).toEqual(['a', 'b'])
    expect(scenario.state.status).toBe('completed')
  })

  it('a loop goes on where it stood', () => {
    const nodes: NodeDocument[] = [{ id: 'l', type: 'loop' }, task('x', { parent: 'l' })]
    const scenario = play({ nodes }, { x: 'stay' })
    scenario.send({ type: 'paused' })
    scenario.send({ type: 'done', run: 'l[0]/x', attempt: 1, ports: ['out'] })
    expect(scenario.ran()).toEqual(['l', 'l[0]/x'])
    scenario.table.x = done
    scenario.send({ type: 'resumed' })
    expect(scenario.ran()).toEqual(['l', 'l[0]/x', 'l[1]/x', 'l[2]/x'])
    expect(scenario.state.status).toBe('completed')
  })

  it('what ended together at the resume is not started again by an edge', () => {
    const nodes: NodeDocument[] = [
      task('a'),
      { id: 'l', type: 'loop' },
      { id: 'm', type: 'loop', join: 'any' },
    ]
    const scenario = play({ nodes, edges: ['a>l', 'a>m', 'l>m'] }, { l: 'stay', m: 'stay' })
    scenario.send({ type: 'paused' })
    scenario.send({ type: 'each', run: 'l', attempt: 1, count: 0 })
    scenario.send({ type: 'each', run: 'm', attempt: 1, count: 0 })
    scenario.send({ type: 'resumed' })
    expect(scenario.ran()).toEqual(['a', 'l', 'm'])
    expect(scenario.state.status).toBe('completed')
  })

  it('a scope given up at the resume starts nothing more', () => {
    const nodes: NodeDocument[] = [
      parallel('p', 'any', ['left', 'right']),
      { id: 'l', type: 'loop', parent: 'p', branch: 'left' },
      { id: 'r', type: 'loop', parent: 'p', branch: 'right' },
      task('x', { parent: 'r' }),
    ]
    const scenario = play({ nodes }, { l: 'stay', r: 'stay' })
    scenario.send({ type: 'paused' })
    scenario.send({ type: 'each', run: 'p[left]/l', attempt: 1, count: 0 })
    scenario.send({ type: 'each', run: 'p[right]/r', attempt: 1, count: 3 })
    scenario.send({ type: 'resumed' })
    expect(scenario.statuses()).toMatchObject({ p: 'completed', 'p[right]/r': 'canceled' })
    expect(scenario.state).toMatchObject({ status: 'completed', runs: {} })
  })

  it('what ends while paused ends the execution when nothing is left', () => {
    const scenario = play({ nodes: [task('a')] }, { a: 'stay' })
    scenario.send({ type: 'paused' })
    scenario.send({ type: 'done', run: 'a', attempt: 1, ports: ['out'] })
    expect(scenario.state.status).toBe('completed')
  })

  it('a retry asked for during the pause starts with the resume', () => {
    const scenario = situations.held()
    scenario.send({ type: 'paused' })
    scenario.send({ type: 'retried', run: 'a' })
    expect(scenario.ran()).toEqual(['a'])
    scenario.send({ type: 'resumed' })
    expect(scenario.ran()).toEqual(['a', 'a#2', 'b'])
  })
})

describe('terminate', () => {
  it.each(['terminated', 'timeout', 'parent-canceled', 'superseded'] as const)(
    '%s: everything live is stopped',
    (reason) => {
      const scenario = play(
        { nodes: [task('a'), task('b', hold), task('c')] },
        { a: 'stay', b: fail, c: ask },
      )
      scenario.send({ type: 'terminated', reason })
      expect(scenario.state).toMatchObject({ status: 'canceled', reason })
      expect(scenario.statuses()).toEqual({ a: 'canceled', b: 'failed', c: 'canceled' })
      expect(scenario.commands('stop').map(({ run }) => run)).toEqual(['a', 'c'])
      expect(scenario.commands('finish')).toEqual([{ type: 'finish', status: 'canceled', reason }])
      expect(isIgnored(scenario, { type: 'terminated', reason })).toBe(true)
    },
  )

  it('also when it is paused or queued', () => {
    const scenario = play(chain, { a: 'stay' })
    scenario.send({ type: 'paused' })
    scenario.send({ type: 'terminated', reason: 'terminated' })
    expect(scenario.state.status).toBe('canceled')
  })
})

describe('retry', () => {
  it('a held run: a new attempt in a new round', () => {
    const scenario = situations.held()
    scenario.send({ type: 'retried', run: 'a', attempt: 1 })
    expect(scenario.commands('run').at(1)).toEqual({ type: 'run', run: 'a', node: 'a', attempt: 2, group: 2 })
    expect(scenario.state.status).toBe('completed')
  })

  it('of a bound node repeats the records that failed, or only those asked for', () => {
    const parts: Parts = {
      nodes: [task('b', { bind: { path: 'x' }, ...hold })],
      bindings: { b: ['h0', 'h1', 'h2'] },
    }
    const failing: Table = { b: done, 'b[h0]': [fail, done], 'b[h2]': [fail, fail, done] }
    const scenario = play(parts, failing)
    scenario.send({ type: 'retried', run: 'b' })
    expect(scenario.ran()).toEqual(['b[h0]', 'b[h1]', 'b[h2]', 'b[h0]#2', 'b[h2]#2'])
    expect(isIgnored(scenario, { type: 'retried', run: 'b', items: ['nobody'] })).toBe(true)
    scenario.send({ type: 'retried', run: 'b', items: ['h2'] })
    expect(scenario.ran().slice(5)).toEqual(['b[h2]#3'])
    expect(scenario.state.status).toBe('completed')
  })

  it('of a bound node repeats records that completed when they are named, and counts them once', () => {
    const parts: Parts = {
      nodes: [task('b', { bind: { path: 'x' }, ...hold })],
      bindings: { b: ['h0', 'h1', 'h2'] },
    }
    const scenario = play(parts, { b: done, 'b[h2]': [fail, done] })
    scenario.send({ type: 'retried', run: 'b', items: ['h0', 'h0'] })
    expect(scenario.ran().slice(3)).toEqual(['b[h0]#2'])
    expect(scenario.run('b')).toMatchObject({ held: true, body: { ok: 2 } })
    scenario.send({ type: 'retried', run: 'b', items: ['h1', 'h2'] })
    expect(scenario.ran().slice(4)).toEqual(['b[h1]#3', 'b[h2]#3'])
    expect(scenario.marks('b').at(-1)).toMatchObject({
      status: 'completed',
      summary: { total: 3, completed: 3, failed: 0 },
    })
  })

  it('one record by its own id, also while others still run', () => {
    const parts: Parts = { nodes: [task('b', { bind: { path: 'x' } })], bindings: { b: ['h0', 'h1'] } }
    const scenario = play(parts, { 'b[h0]': [fail, done], 'b[h1]': 'stay' })
    scenario.send({ type: 'retried', run: 'b[h0]' })
    expect(scenario.ran()).toEqual(['b[h0]', 'b[h1]', 'b[h0]#2'])
    scenario.send({ type: 'done', run: 'b[h1]', attempt: 1, ports: ['out'] })
    expect(scenario.state.status).toBe('completed')
  })

  it('of a container repeats the items that failed and those the failure interrupted', () => {
    const nodes: NodeDocument[] = [
      { id: 'l', type: 'loop', config: { concurrency: 3 }, ...hold },
      task('x', { parent: 'l', policy: { onError: 'fail' } }),
    ]
    const scenario = play({ nodes }, { 'l[0]/x': done, 'l[1]/x': [fail, done], 'l[2]/x': 'stay' })
    expect(scenario.run('l').held).toBe(true)
    scenario.table['l[2]/x'] = done
    scenario.send({ type: 'retried', run: 'l' })
    expect(scenario.ran().slice(4)).toEqual(['l[1]/x#2', 'l[2]/x#2'])
    expect(scenario.state.status).toBe('completed')
  })
})

describe('rule 14: retry after the end', () => {
  const parts: Parts = {
    nodes: [task('a'), task('b'), task('slow'), task('last')],
    edges: ['a>b', 'slow>last'],
  }

  it('reopens the execution, dispatches the run anew and again what the end had canceled', () => {
    const scenario = play(parts, { a: [crash, done], slow: 'stay' })
    expect(scenario.state.status).toBe('error')
    expect(scenario.statuses()).toMatchObject({ a: 'error', slow: 'canceled' })
    scenario.table.slow = done
    scenario.send({ type: 'retried', run: 'a' })
    expect(scenario.commands('reopen')).toHaveLength(1)
    expect(scenario.ran()).toEqual(['a', 'slow', 'slow#2', 'a#2', 'last', 'b'])
    expect(scenario.state.status).toBe('completed')
  })

  it('goes back into the containers the failure has closed', () => {
    const nodes: NodeDocument[] = [
      { id: 'l', type: 'loop' },
      { id: 'g', type: 'group', parent: 'l' },
      task('x', { parent: 'g' }),
      task('after'),
    ]
    const scenario = play({ nodes, edges: ['l>after'] }, { 'l[1]/g/x': [fail, done] })
    expect(scenario.state.status).toBe('failed')
    scenario.send({ type: 'retried', run: 'l[1]/g/x' })
    expect(scenario.ran()).toEqual([
      'l',
      'l[0]/g',
      'l[0]/g/x',
      'l[1]/g',
      'l[1]/g/x',
      'l[1]/g/x#2',
      'l[2]/g',
      'l[2]/g/x',
      'after',
    ])
    expect(scenario.state.status).toBe('completed')
    expect(scenario.statuses()).toMatchObject({ l: 'completed', 'l[1]/g': 'completed' })
  })

  it('is possible for what was held when somebody terminated it', () => {
    const scenario = situations.held()
    scenario.send({ type: 'terminated', reason: 'terminated' })
    scenario.send({ type: 'retried', run: 'a' })
    expect(scenario.state.status).toBe('completed')
    expect(scenario.state.reason).toBeUndefined()
  })

  it('takes an end that was reached for passed: it does not end the execution again', () => {
    const end: NodeDocument = {
      id: 'stop',
      type: 'end',
      config: { status: 'failed' },
      join: 'any',
      parent: 'g',
    }
    const nodes = [
      { id: 'g', type: 'group' },
      end,
      task('a', { parent: 'g' }),
      task('held', hold),
      task('after'),
    ]
    const scenario = play({ nodes, edges: ['a>stop', 'g>after'] }, { held: [fail, done] })
    expect(scenario.state.status).toBe('failed')
    scenario.send({ type: 'retried', run: 'held' })
    expect(scenario.ran()).toEqual(['g', 'held', 'g/a', 'g/stop', 'held#2', 'after'])
    expect(scenario.state.status).toBe('completed')
  })

  it('is not possible after success, nor for what has not failed', () => {
    expect(isIgnored(play(chain), { type: 'retried', run: 'a' })).toBe(true)
    const scenario = play(parts, { a: crash, slow: 'stay' })
    expect(isIgnored(scenario, { type: 'retried', run: 'slow' })).toBe(true)
    expect(isIgnored(scenario, { type: 'skipped', run: 'a' })).toBe(true)
    expect(isIgnored(scenario, { type: 'completed', run: 'a' })).toBe(true)
  })
})

describe('skip, complete, choose', () => {
  it('skip goes on by out, and says who did it', () => {
    const scenario = situations.held()
    scenario.send({ type: 'skipped', run: 'a' })
    expect(scenario.marks('a').at(-1)).toMatchObject({ status: 'skipped', manual: 'skipped' })
    expect(scenario.ran()).toEqual(['a', 'b'])
    expect(scenario.state.status).toBe('completed')
  })

  it('skip cuts a wait for time short, unless the node forbids it', () => {
    const scenario = situations['time wait']()
    scenario.send({ type: 'skipped', run: 'a' })
    expect(scenario.marks('a').at(-1)).toMatchObject({ status: 'completed', manual: 'cut-short' })
    expect(scenario.commands('stop')).toEqual([{ type: 'stop', run: 'a', attempt: 1 }])
    const nodes = [task('a', { policy: { allowSkip: false } })]
    expect(isIgnored(play({ nodes }, { a: nap }), { type: 'skipped', run: 'a' })).toBe(true)
  })

  it('complete by hand goes on by the port given', () => {
    const parts: Parts = { nodes: [task('a', hold), task('b'), task('c')], edges: ['a>b', 'a:no>c'] }
    const scenario = play(parts, { a: fail })
    scenario.send({ type: 'completed', run: 'a', port: 'no' })
    expect(scenario.marks('a').at(-1)).toMatchObject({ status: 'completed', manual: 'completed' })
    expect(scenario.ran()).toEqual(['a', 'c'])
  })

  it('choose takes the port chosen', () => {
    const parts: Parts = { nodes: [task('a'), task('b'), task('c')], edges: ['a:yes>b', 'a:no>c'] }
    const scenario = play(parts, { a: ask })
    scenario.send({ type: 'chosen', run: 'a', port: 'yes' })
    expect(scenario.marks('a').at(-1)).toMatchObject({ status: 'completed', manual: 'chosen' })
    expect(scenario.ran()).toEqual(['a', 'b'])
  })

  it.each(['skipped', 'completed'] as const)(
    'one failed record can be %s: the bound node counts it as done',
    (type) => {
      const parts: Parts = {
        nodes: [task('b', { bind: { path: 'x' }, ...hold }), task('after')],
        edges: ['b>after'],
        bindings: { b: ['h0', 'h1', 'h2'] },
      }
      const scenario = play(parts, { b: done, 'b[h0]': fail, 'b[h2]': fail })
      scenario.send({ type, run: 'b[h0]' })
      expect(scenario.marks('b[h0]').at(-1)).toMatchObject({ status: type, manual: type })
      expect(scenario.run('b').held).toBe(true)
      expect(isIgnored(scenario, { type, run: 'b[h1]' })).toBe(true)
      scenario.send({ type, run: 'b[h2]' })
      expect(scenario.ran().at(-1)).toBe('after')
      expect(scenario.state.status).toBe('completed')
    },
  )
})

describe('rebind', () => {
  const parts: Parts = { nodes: [task('b', { bind: { path: 'x' }, ...hold })], bindings: { b: ['h0', 'h1'] } }

  it('a held bound node works on other records', () => {
    const scenario = play(parts, { b: fail })
    scenario.table.b = done
    scenario.simulation.plan = { ...scenario.simulation.plan, bindings: new Map([['b', ['h1', 'h7']]]) }
    scenario.send({ type: 'rebound', run: 'b', count: 2 })
    expect(scenario.ran().slice(2)).toEqual(['b[h1]#2', 'b[h7]#2'])
    expect(scenario.marks('b').at(-1)).toMatchObject({
      status: 'completed',
      summary: { total: 2, completed: 2 },
    })
    expect(scenario.state.status).toBe('completed')
  })

  it('a node that has not started works on the records it finds when it does', () => {
    const nodes = [task('a'), task('b', { bind: { path: 'x' } })]
    const scenario = play({ nodes, edges: ['a>b'], bindings: { b: ['h0', 'h1'] } }, { a: 'stay', b: done })
    scenario.simulation.plan = { ...scenario.simulation.plan, bindings: new Map([['b', ['h7']]]) }
    expect(isIgnored(scenario, { type: 'rebound', run: 'b', count: 1 })).toBe(false)
    scenario.send({ type: 'done', run: 'a', attempt: 1, ports: ['out'] })
    expect(scenario.ran()).toEqual(['a', 'b[h7]'])
    expect(scenario.state.status).toBe('completed')
  })

  it('before it starts only where its records were fixed at the start', () => {
    const bound = (mode?: 'run' | 'same-as') => task('b', { bind: { path: 'x', ...(mode ? { mode } : {}) } })
    const halted = (node: NodeDocument): Scenario =>
      play({ nodes: [task('a'), node], edges: ['a>b'], bindings: { b: ['h0'] } }, { a: 'stay' })
    const ahead: ActEvent = { type: 'rebound', run: 'b', count: 1 }
    expect(isIgnored(halted(bound()), ahead)).toBe(false)
    expect(isIgnored(halted(bound('run')), ahead)).toBe(true)
    expect(isIgnored(halted(bound('same-as')), ahead)).toBe(true)
    expect(isIgnored(halted(task('b')), ahead)).toBe(true)
    const over = halted(bound())
    over.send({ type: 'terminated', reason: 'terminated' })
    expect(isIgnored(over, ahead)).toBe(true)
  })

  it('in a container only before the container begins; parked ones have not started', () => {
    const inner = { bind: { path: 'x' }, parent: 'g' }
    const nodes = [task('a'), { id: 'g', type: 'group' }, task('c', { parent: 'g' }), task('b', inner)]
    const within: Parts = { nodes, edges: ['a>g', 'c>b'], bindings: { b: ['h0'] } }
    const ahead: ActEvent = { type: 'rebound', run: 'b', count: 1 }
    expect(isIgnored(play(within, { a: 'stay' }), ahead)).toBe(false)
    expect(isIgnored(play(within, { c: 'stay' }), ahead)).toBe(true)
    const parked = play(
      { nodes: [task('a'), task('b', { bind: { path: 'x' } })], edges: ['a>b'], bindings: { b: ['h0'] } },
      { a: 'stay' },
    )
    parked.send({ type: 'paused' })
    parked.send({ type: 'done', run: 'a', attempt: 1, ports: ['out'] })
    expect(isIgnored(parked, ahead)).toBe(false)
    parked.send({ type: 'resumed' })
    expect(parked.ran()).toEqual(['a', 'b[h0]'])
  })

  it('not while it runs, nor when it is done', () => {
    expect(isIgnored(play(parts, { b: 'stay' }), { type: 'rebound', run: 'b', count: 1 })).toBe(true)
    expect(isIgnored(play(parts), { type: 'rebound', run: 'b', count: 1 })).toBe(true)
  })
})
