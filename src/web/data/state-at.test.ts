import { describe, expect, it } from 'vitest'
import type { ExecutionDetail } from '../../api/contract/executions.ts'
import type { NodeRun } from '../../api/contract/node-runs.ts'
import { firstState } from './live-state.ts'
import { stateAt } from './state-at.ts'

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()
const moment = (second: number) => Date.parse(at(second))
const execution: ExecutionDetail = {
  id: '1',
  workflow: 'test',
  workflowTitle: 'Test',
  version: 1,
  status: 'completed',
  waiting: false,
  attention: false,
  test: false,
  trigger: 'manual',
  startedBy: 'li',
  createdAt: at(0),
  startedAt: at(1),
  endedAt: at(50),
  seq: 9,
  acts: ['retry'],
  notReached: ['z'],
  rebindable: ['b'],
  output: 1,
  document: { format: 'fermata/1', key: 'test', title: 'Test', nodes: [], edges: [] },
}
const run = (id: string, attempt: number, part: Partial<NodeRun>): NodeRun => ({
  id,
  node: id,
  type: 'set',
  scope: '',
  attempt,
  status: 'completed',
  acts: [],
  ...part,
})
const live = firstState(execution, [
  run('a', 1, { status: 'failed', startedAt: at(2), endedAt: at(5), acts: ['retry'] }),
  run('a', 2, { startedAt: at(20), endedAt: at(22), output: 'ok' }),
  run('ask', 1, { startedAt: at(22), endedAt: at(40), waited: 'person' }),
  run('bold', 1, {
    status: 'risky',
    startedAt: at(40),
    endedAt: at(44),
    manual: { act: 'confirmed', by: 'li' },
    risks: [{ rule: 'x', message: { en: 'x', zh: 'x', ru: 'x' }, found: 'x', line: 1 }],
  }),
  run('held', 1, {
    status: 'skipped',
    startedAt: at(40),
    endedAt: at(45),
    manual: { act: 'skipped', by: 'li' },
  }),
])
const acts = [
  { act: 'pause', by: 'li', at: at(10) },
  { act: 'resume', by: 'li', at: at(15) },
]
const seen = (second: number) => {
  const { execution: head, runs } = stateAt(live, acts, moment(second))
  const last = [...runs].map(([id, attempts]) => [id, attempts.at(-1)?.status, attempts.length])
  return [head.status, ...last]
}

describe('stateAt', () => {
  it('knows nothing before the start', () => {
    expect(seen(0)).toEqual(['queued'])
  })

  it('shows an attempt as running until it ends, and keeps the earlier ones', () => {
    expect(seen(3)).toEqual(['running', ['a', 'running', 1]])
    expect(seen(5)).toEqual(['running', ['a', 'failed', 1]])
    expect(seen(21)).toEqual(['running', ['a', 'running', 2]])
  })

  it('knows when it was paused', () => {
    expect(seen(12)[0]).toBe('paused')
    expect(seen(16)[0]).toBe('running')
  })

  it('tells a wait, and a failure that was held, from work', () => {
    expect(seen(30)).toEqual(['running', ['a', 'completed', 2], ['ask', 'waiting', 1]])
    expect(stateAt(live, acts, moment(30)).runs.get('ask')?.[0]?.wait).toEqual({ for: 'person' })
    expect(seen(42).at(-1)).toEqual(['held', 'failed', 1])
  })

  it('shows a risk until somebody has taken it', () => {
    const [before] = stateAt(live, [], moment(42)).runs.get('bold') ?? []
    expect(before).toMatchObject({ status: 'risky', acts: [] })
    expect(before).not.toHaveProperty('manual')
    expect(stateAt(live, [], moment(44)).runs.get('bold')).toMatchObject([{ manual: { act: 'confirmed' } }])
  })

  it('shows results only from the end on', () => {
    expect(stateAt(live, acts, moment(21)).runs.get('a')?.[1]?.output).toBeUndefined()
    expect(stateAt(live, acts, moment(49)).execution).toMatchObject({ status: 'running', notReached: [] })
    expect(stateAt(live, acts, moment(49)).execution.output).toBeUndefined()
    expect(stateAt(live, acts, moment(50)).execution).toMatchObject({ status: 'completed', output: 1 })
  })

  it('offers no acts in the past, and gives the same objects again', () => {
    const first = stateAt(live, acts, moment(50))
    expect(first.execution).toMatchObject({ acts: [], rebindable: [] })
    expect(first.runs.get('a')?.[0]?.acts).toEqual([])
    expect(stateAt(live, acts, moment(51)).runs.get('a')?.[0]).toBe(first.runs.get('a')?.[0])
  })
})
