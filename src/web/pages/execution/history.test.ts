import { describe, expect, it } from 'vitest'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import type { LiveExecution } from '../../data/live-state.ts'
import { historyOf } from './history.ts'

const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`
const run = (attempt: number, part: Partial<NodeRun>): NodeRun => ({
  id: 'restart',
  node: 'restart',
  type: 'set',
  scope: '',
  attempt,
  status: 'running',
  acts: [],
  ...part,
})

describe('historyOf', () => {
  it('puts runs, attempts and acts in the order of time', () => {
    const attempts = [
      run(1, {
        status: 'failed',
        startedAt: at(1),
        endedAt: at(2),
        error: { kind: 'failed', code: 'exit-code', message: 'Exit code 1' },
      }),
      run(2, { startedAt: at(4) }),
    ]
    const live = { runs: new Map([['restart', attempts]]) } as unknown as LiveExecution
    const acts = [
      { act: 'start', by: 'li', at: at(0) },
      { act: 'retry', by: 'li', at: at(3), run: 'restart', reason: 'cleaned' },
    ]
    expect(
      historyOf(live, acts).map((item) => [item.kind, item.at, item.text ?? item.error?.message]),
    ).toEqual([
      ['act', at(0), undefined],
      ['began', at(1), undefined],
      ['ended', at(2), 'Exit code 1'],
      ['act', at(3), 'cleaned'],
      ['began', at(4), undefined],
    ])
  })

  it('says of what was found risky that it stopped, not that it began', () => {
    const attempts = [
      run(1, { status: 'risky', risks: [], startedAt: at(1), endedAt: at(3) }),
      run(2, { status: 'completed', startedAt: at(3), endedAt: at(4) }),
    ]
    const live = { runs: new Map([['restart', attempts]]) } as unknown as LiveExecution
    const confirmed = { act: 'confirm', by: 'li', at: at(2), run: 'restart' }
    const told = historyOf(live, [confirmed]).map((item) =>
      'status' in item ? [item.kind, item.status] : [item.kind],
    )
    expect(told).toEqual([['stopped', 'risky'], ['act'], ['began'], ['ended', 'completed']])
  })
})
