// Rules 9, 10 and 14: what becomes of a failure, and of events that come too late.
import { describe, expect, it } from 'vitest'
import {
  ask,
  crash,
  done,
  each,
  fail,
  isIgnored,
  nap,
  type Parts,
  parallel,
  play,
  port,
  prepare,
  task,
} from '../../tests/helpers/scenario.ts'
import type { NodeDocument, Policy } from './document.ts'
import { backoffMs } from './failing.ts'
import { compileGraph } from './graph.ts'
import { flagsOf, initialState } from './state.ts'

const one = (policy: Policy, more: Partial<Parts> = {}): Parts => ({
  nodes: [task('a', { policy })],
  ...more,
})
const delays = (scenario: ReturnType<typeof play>) => scenario.commands('run').map(({ afterMs }) => afterMs)

describe('rule 9: retry', () => {
  it.each<[string, Policy['retry'], 'failed' | 'error' | 'timed-out' | 'rejected', number]>([
    ['errors', { attempts: 2 }, 'error', 3],
    ['what timed out', { attempts: 2 }, 'timed-out', 3],
    ['no failure unless asked', { attempts: 2 }, 'failed', 1],
    ['failures if asked', { attempts: 2, on: ['failed'] }, 'failed', 3],
    ['only what is asked', { attempts: 2, on: ['failed'] }, 'error', 1],
    ['no rejection', { attempts: 2 }, 'rejected', 1],
    ['nothing without attempts', { attempts: 0 }, 'error', 1],
  ])('repeats %s', (_, retry, kind, attempts) => {
    const scenario = play(one({ ...(retry ? { retry } : {}) }), { a: { type: 'fail', kind } })
    expect(scenario.ran()).toHaveLength(attempts)
    expect(scenario.state.status).toBe(kind === 'timed-out' ? 'error' : kind)
  })

  it('goes on as soon as an attempt succeeds', () => {
    const scenario = play(one({ retry: { attempts: 5 } }), { a: [crash, crash, done] })
    expect(scenario.ran()).toEqual(['a', 'a#2', 'a#3'])
    expect(scenario.marks('a').map(({ attempt, status }) => `${attempt} ${status}`)).toEqual([
      '1 running',
      '1 error',
      '2 retrying',
      '2 running',
      '2 error',
      '3 retrying',
      '3 running',
      '3 completed',
    ])
  })

  it('waits longer each time, but not beyond the maximum', () => {
    const retry = { attempts: 4, delay: '1s', factor: 3, max: '20s' }
    expect(delays(play(one({ retry }), { a: crash }))).toEqual([undefined, 1000, 3000, 9000, 20_000])
    const plain = play(one({ retry: { attempts: 2 } }), { a: crash })
    expect(delays(plain)).toEqual([undefined, 1000, 2000])
  })

  it('computes the wait from the number of the attempt alone', () => {
    const policy = {
      retries: 99,
      delayMs: 10,
      factor: 10,
      maxDelayMs: 1e6,
      retryOn: [],
      onError: 'fail',
      allowSkip: true,
    } as const
    expect([1, 2, 3, 50].map((tries) => backoffMs(policy, tries))).toEqual([10, 100, 1000, 1e6])
  })

  it('keeps the attempts of one round in one group: the effect has the same key', () => {
    const scenario = play(one({ retry: { attempts: 1 }, onError: 'hold' }), { a: crash })
    scenario.send({ type: 'retried', run: 'a' })
    expect(scenario.commands('run').map(({ attempt, group }) => [attempt, group])).toEqual([
      [1, 1],
      [2, 1],
      [3, 3],
      [4, 3],
    ])
  })

  it('does not repeat a run that is final: poisoned', () => {
    const scenario = play(one({ retry: { attempts: 5 } }), { a: 'stay' })
    scenario.send({ type: 'failed', run: 'a', attempt: 1, kind: 'error', final: true })
    expect(scenario.state.status).toBe('error')
  })
})

describe('rule 9: a while loop whose condition cannot be told', () => {
  const nodes: NodeDocument[] = [
    { id: 'l', type: 'loop', policy: { onError: 'hold' } },
    task('x', { parent: 'l' }),
  ]
  it.each([{ type: 'failed', kind: 'error' }, { type: 'timed-out' }] as const)(
    'is asked again after a retry: %o',
    (event) => {
      const scenario = play({ nodes }, { l: 'stay' })
      scenario.send({ type: 'each', run: 'l', attempt: 1, count: null })
      scenario.send({ ...event, run: 'l', attempt: 1 })
      expect(scenario.run('l').held).toBe(true)
      scenario.table.l = { type: 'while', count: 2 }
      scenario.send({ type: 'retried', run: 'l' })
      expect(scenario.ran()).toEqual(['l', 'l[0]/x', 'l[1]/x'])
      expect(scenario.state.status).toBe('completed')
    },
  )
})

describe('rule 9: timeout', () => {
  it('stops the attempt, which may be retried', () => {
    const scenario = play(one({ timeout: '30s', retry: { attempts: 1 } }), { a: 'stay' })
    scenario.send({ type: 'timed-out', run: 'a', attempt: 1 })
    expect(scenario.commands('stop')).toEqual([{ type: 'stop', run: 'a', attempt: 1 }])
    expect(scenario.ran()).toEqual(['a', 'a#2'])
    scenario.send({ type: 'began', run: 'a', attempt: 2 })
    scenario.send({ type: 'timed-out', run: 'a', attempt: 2 })
    expect(scenario.statuses().a).toBe('timed-out')
    expect(scenario.state.status).toBe('error')
  })

  it('holds for waits, too', () => {
    const scenario = play(one({ timeout: '1h' }), { a: ask })
    expect(scenario.commands('timer')).toEqual([
      { type: 'timer', run: 'a', node: 'a', attempt: 1, afterMs: 3_600_000 },
    ])
    scenario.send({ type: 'timed-out', run: 'a', attempt: 1 })
    expect(scenario.statuses().a).toBe('timed-out')
  })

  it('of a container cancels everything inside', () => {
    const nodes: NodeDocument[] = [
      { id: 'g', type: 'group', policy: { timeout: '5m' } },
      task('a', { parent: 'g' }),
    ]
    const scenario = play({ nodes }, { a: 'stay' })
    expect(scenario.commands('timer')).toEqual([
      { type: 'timer', run: 'g', node: 'g', attempt: 1, afterMs: 300_000 },
    ])
    scenario.send({ type: 'timed-out', run: 'g', attempt: 1 })
    expect(scenario.statuses()).toMatchObject({ 'g/a': 'canceled', g: 'timed-out' })
    expect(scenario.state.status).toBe('error')
  })

  it('that comes late changes nothing', () => {
    const scenario = play(
      { nodes: [task('a', { policy: { timeout: '1s' } }), task('b')], edges: ['a>b'] },
      { b: 'stay' },
    )
    expect(isIgnored(scenario, { type: 'timed-out', run: 'a', attempt: 1 })).toBe(true)
  })
})

describe('rule 10: after the last attempt', () => {
  const beside = (policy: Policy): Parts => ({
    nodes: [task('a', { policy }), task('after'), task('caught'), task('other'), task('then')],
    edges: ['a>after', 'a:error>caught', 'other>then'],
  })

  it('fail: the execution ends with that kind, and what is live is canceled', () => {
    const scenario = play(beside({ onError: 'fail' }), {
      a: { type: 'fail', kind: 'rejected' },
      other: 'stay',
    })
    expect(scenario.state.status).toBe('rejected')
    expect(scenario.statuses()).toEqual({ a: 'rejected', other: 'canceled' })
    expect(scenario.commands('finish')).toEqual([{ type: 'finish', status: 'rejected' }])
  })

  it('hold: the run stays red, other branches go on, an operator is wanted', () => {
    const scenario = play(beside({ onError: 'hold' }), { a: fail })
    expect(scenario.state.status).toBe('running')
    expect(scenario.run('a')).toMatchObject({ status: 'failed', held: true })
    expect(scenario.ran()).toEqual(['a', 'other', 'then'])
    expect(flagsOf(scenario.state)).toEqual({ waiting: true, attention: true })
  })

  it('continue: completed, and marked as tolerated', () => {
    const scenario = play(beside({ onError: 'continue' }), { a: fail })
    expect(scenario.marks('a').at(-1)).toMatchObject({ status: 'completed', tolerated: 'failed' })
    expect(scenario.ran()).toContain('after')
    expect(scenario.state.status).toBe('completed')
  })

  it('branch: the port error is taken, and only that', () => {
    const scenario = play(beside({ onError: 'branch' }), { a: fail })
    expect(scenario.ran()).toEqual(['a', 'other', 'caught', 'then'])
    expect(scenario.statuses().a).toBe('failed')
    expect(scenario.state.status).toBe('completed')
    expect(play(beside({ onError: 'branch' })).ran()).not.toContain('caught')
  })

  it.each([
    ['hold with a target', { target: { collection: 'app' } }, 'hold'],
    ['fail without', {}, 'fail'],
    [
      'what the workflow says',
      { target: { collection: 'app' }, settings: { onFailure: 'fail' as const } },
      'fail',
    ],
    ['hold if it says so', { settings: { onFailure: 'hold' as const } }, 'hold'],
  ])('without a word: %s', (_, more, expected) => {
    const scenario = play(one({}, more), { a: fail })
    expect(scenario.state.status).toBe(expected === 'hold' ? 'running' : 'failed')
  })

  it('leaves failures to the container that handles them, though the workflow holds', () => {
    const target = { collection: 'app' }
    const onErrorIn = (container: NodeDocument, extra: Partial<NodeDocument> = {}) => {
      const nodes = [container, task('x', { parent: container.id, ...extra })]
      const document = { format: 'fermata/1', key: 'k', title: 'T', target, nodes, edges: [] } as const
      const facts = (type: string) => ({
        inline: false,
        ...(type === 'task' ? {} : { container: type as 'loop' }),
      })
      return compileGraph(document as never, facts).nodes.get('x')?.policy.onError
    }
    const loop = (onItemFailure: string) => ({ id: 'l', type: 'loop', config: { onItemFailure } })
    expect(onErrorIn(loop('stop'))).toBe('hold')
    expect(onErrorIn(loop('continue'))).toBe('fail')
    expect(onErrorIn(loop('continue'), { policy: { onError: 'hold' } })).toBe('hold')
    expect(onErrorIn(parallel('p', 'all', ['b']), { branch: 'b' })).toBe('hold')
    expect(onErrorIn(parallel('p', 'any', ['b']), { branch: 'b' })).toBe('fail')
    expect(onErrorIn({ id: 'g', type: 'group' })).toBe('hold')
    expect(onErrorIn({ id: 'g', type: 'group', policy: { onError: 'branch' } })).toBe('fail')
    expect(onErrorIn({ id: 'g', type: 'group', policy: { retry: { attempts: 1 } } })).toBe('fail')
  })

  it('hold inside a container keeps the container open', () => {
    const nodes = [
      { id: 'g', type: 'group' },
      task('a', { parent: 'g', policy: { onError: 'hold' as const } }),
      task('after'),
    ]
    const scenario = play({ nodes, edges: ['g>after'] }, { a: [fail, done] })
    expect(scenario.run('g').status).toBe('running')
    scenario.send({ type: 'retried', run: 'g/a' })
    expect(scenario.state.status).toBe('completed')
    expect(scenario.ran()).toEqual(['g', 'g/a', 'g/a#2', 'after'])
  })
})

describe('rule 14: events', () => {
  it('before the start nothing but the start is legal', () => {
    const scenario = prepare(one({}))
    expect(scenario.state).toEqual(initialState())
    for (const event of [
      { type: 'paused' },
      { type: 'resumed' },
      { type: 'done', run: 'a', attempt: 1, ports: [] },
    ] as const) {
      expect(isIgnored(scenario, event)).toBe(true)
    }
    scenario.send({ type: 'started' })
    expect(isIgnored(scenario, { type: 'started' })).toBe(true)
  })

  it('are legal for the present attempt only', () => {
    const scenario = play(one({ retry: { attempts: 3 } }), { a: 'stay' })
    scenario.send({ type: 'failed', run: 'a', attempt: 1, kind: 'error' })
    scenario.send({ type: 'began', run: 'a', attempt: 2 })
    const { attempt } = scenario.run('a')
    for (const stale of [attempt - 1, attempt + 1]) {
      expect(isIgnored(scenario, { type: 'done', run: 'a', attempt: stale, ports: ['out'] })).toBe(true)
      expect(isIgnored(scenario, { type: 'failed', run: 'a', attempt: stale, kind: 'error' })).toBe(true)
    }
  })

  it.each([
    ['running', 'stay', ['woken', 'began', 'decided']],
    ['waiting', nap, ['done', 'failed', 'each', 'bound', 'waiting', 'began', 'decided', 'risky']],
    ['a body', each(1), ['done', 'each', 'bound', 'waiting', 'woken', 'failed', 'decided']],
  ] as const)('%s refuses what is not legal from there', (_, answer, refused) => {
    const isBody = typeof answer === 'object' && answer.type === 'each'
    const nodes = isBody ? [{ id: 'a', type: 'loop' }, task('x', { parent: 'a' })] : [task('a')]
    const scenario = play({ nodes }, { a: answer, x: 'stay' })
    const details = { ports: ['out'], kind: 'error', count: 1, more: true, for: 'time' } as const
    for (const type of refused) {
      expect(isIgnored(scenario, { type, run: 'a', attempt: 1, ...details } as never), type).toBe(true)
    }
  })

  it('about runs that are not there change nothing', () => {
    const scenario = play(one({}), { a: 'stay' })
    for (const run of ['', 'b', 'a[0]', 'a/b', 'toString', '__proto__', 'a[0]/b[1]']) {
      expect(isIgnored(scenario, { type: 'done', run, attempt: 1, ports: ['out'] })).toBe(true)
    }
  })

  it('a risky run waits for a person, and runs when confirmed', () => {
    const scenario = play(one({}), { a: 'stay' })
    scenario.send({ type: 'risky', run: 'a', attempt: 1 })
    expect(flagsOf(scenario.state)).toEqual({ waiting: true, attention: true })
    scenario.send({ type: 'confirmed', run: 'a' })
    expect(scenario.commands('run').at(-1)).toMatchObject({ attempt: 2, confirmed: true })
    expect(scenario.commands('mark').slice(-2)).toMatchObject([
      { attempt: 1, status: 'risky', manual: 'confirmed' },
      { attempt: 2, status: 'running', manual: 'confirmed' },
    ])
  })

  it('a risk is taken for the retries of its policy, and over a pause; not for a retry of a person', () => {
    const scenario = play(one({ retry: { attempts: 1 }, onError: 'hold' }), { a: 'stay' })
    scenario.send({ type: 'risky', run: 'a', attempt: 1 })
    scenario.send({ type: 'paused' })
    scenario.send({ type: 'confirmed', run: 'a' })
    scenario.send({ type: 'resumed' })
    expect(scenario.commands('run').at(-1)).toMatchObject({ attempt: 2, confirmed: true })
    scenario.send({ type: 'failed', run: 'a', attempt: 2, kind: 'error' })
    expect(scenario.commands('run').at(-1)).toMatchObject({ attempt: 3, confirmed: true })
    scenario.send({ type: 'began', run: 'a', attempt: 3 })
    scenario.send({ type: 'failed', run: 'a', attempt: 3, kind: 'error' })
    scenario.send({ type: 'retried', run: 'a' })
    expect(scenario.commands('run').at(-1)).toMatchObject({ attempt: 4 })
    expect(scenario.commands('run').at(-1)).not.toHaveProperty('confirmed')
  })

  it('a wait that has come resumes the same attempt', () => {
    const scenario = play({ nodes: [task('a'), task('b')], edges: ['a>b'] }, { a: nap })
    expect(flagsOf(scenario.state)).toEqual({ waiting: true, attention: false })
    scenario.send({ type: 'woken', run: 'a', attempt: 1 })
    expect(scenario.commands('resume')).toEqual([{ type: 'resume', run: 'a', node: 'a', attempt: 1 }])
    expect(scenario.ran()).toEqual(['a', 'b'])
  })

  it('a node that takes an unknown port leads nowhere', () => {
    const scenario = play({ nodes: [task('a'), task('b')], edges: ['a>b'] }, { a: port('nowhere') })
    expect(scenario.ran()).toEqual(['a'])
    expect(scenario.state.status).toBe('completed')
  })
})
