import { describe, expect, it } from 'vitest'
import type { Run, State } from '../core/state.ts'
import type { ExecutionStatus, RunStatus } from '../core/statuses.ts'
import { legalActs, legalRunActs, type RunNow, rebindableNodes } from './legal-acts.ts'

const stateOf = (status: ExecutionStatus, run?: Partial<Run>): State => ({
  status,
  scopes: {},
  runs: run ? { a: { status: 'running', attempt: 2, group: 1, ...run } } : {},
})
const now = (status: RunStatus, extra: Partial<RunNow> = {}): RunNow => ({
  run: 'a',
  attempt: 2,
  status,
  last: true,
  choice: false,
  ...extra,
})
const node = { id: 'a', type: 'x' }
const bound = { ...node, bind: { path: 'host' } }
const body = { total: 2, next: 2, live: 0, ok: 1, bad: [], again: [], base: 0, floor: 1 }

describe('acts on executions', () => {
  it.each<[ExecutionStatus, Partial<Run> | undefined, string[]]>([
    ['queued', undefined, ['terminate']],
    ['running', undefined, ['pause', 'terminate']],
    ['running', { status: 'failed', held: true }, ['pause', 'retry', 'terminate']],
    ['running', { status: 'risky' }, ['pause', 'confirm', 'terminate']],
    ['paused', undefined, ['resume', 'terminate']],
    ['completed', undefined, []],
    ['failed', { status: 'failed' }, ['retry']],
    ['rejected', { status: 'rejected' }, ['retry']],
    ['canceled', { status: 'canceled' }, []],
  ])('%s with %j: %j', (status, run, acts) => {
    expect(legalActs(stateOf(status, run))).toEqual(acts)
  })
})

describe('acts on node runs', () => {
  const held = stateOf('running', { status: 'error', held: true })

  it.each<[string, State, RunNow, object, string[]]>([
    ['held', held, now('error'), node, ['retry', 'skip', 'complete']],
    ['an older attempt', held, now('error', { last: false }), node, []],
    ['a run that has gone on', held, now('error', { attempt: 1 }), node, []],
    ['held and bound', held, now('error'), bound, ['retry', 'skip', 'complete', 'rebind']],
    ['failed, after the end', stateOf('error', { status: 'error' }), now('error'), node, ['retry']],
    ['failed, not held', stateOf('running', { status: 'error' }), now('error'), node, []],
    ['running', stateOf('running', { status: 'running' }), now('running'), node, []],
    ['risky', stateOf('running', { status: 'risky' }), now('risky'), node, ['confirm', 'skip']],
    [
      'a wait for time',
      stateOf('running', { status: 'waiting', wait: 'time' }),
      now('waiting'),
      node,
      ['skip', 'complete'],
    ],
    [
      'a wait for time that may not be skipped',
      stateOf('running', { status: 'waiting', wait: 'time' }),
      now('waiting'),
      { ...node, policy: { allowSkip: false } },
      ['complete'],
    ],
    [
      'a choice',
      stateOf('running', { status: 'waiting', wait: 'person' }),
      now('waiting', { choice: true }),
      node,
      ['choose'],
    ],
    ['a task', stateOf('running', { status: 'waiting', wait: 'person' }), now('waiting'), node, ['complete']],
    [
      'an event',
      stateOf('running', { status: 'waiting', wait: 'event' }),
      now('waiting'),
      node,
      ['complete'],
    ],
    ['settled', stateOf('running'), now('completed'), node, []],
    [
      'a failed record',
      stateOf('running', { body } as Partial<Run>),
      now('failed', { run: 'a[h1]', attempt: 1 }),
      bound,
      ['retry', 'skip', 'complete'],
    ],
    [
      'a failed record after the end',
      stateOf('failed', { status: 'failed', body } as Partial<Run>),
      now('failed', { run: 'a[h1]', attempt: 1 }),
      bound,
      ['retry'],
    ],
  ])('%s', (_, state, run, of, acts) => {
    expect(legalRunActs(state, run, of as never)).toEqual(acts)
  })
})

describe('nodes whose records may be changed', () => {
  const nodes = [
    { ...bound, id: 'settled' },
    { ...bound, id: 'under-way' },
    { ...bound, id: 'ahead' },
    { ...bound, id: 'found-later', bind: { path: 'host', mode: 'run' as const } },
    { id: 'unbound', type: 'x' },
  ]
  const state: State = {
    status: 'running',
    scopes: { '': { marks: { settled: 'out' }, live: 1, base: 0, top: 1 } },
    runs: { 'under-way': { status: 'running', attempt: 1, group: 1 } },
  }
  it('are those ahead that were bound at the start', () => {
    expect(rebindableNodes(state, { nodes })).toEqual(['ahead'])
    expect(rebindableNodes({ ...state, status: 'failed' }, { nodes })).toEqual([])
  })
})
