import { describe, expect, it } from 'vitest'
import type { RunStatus } from '../../core/statuses.ts'
import { fillOf, recordProgress, sumProgress } from './record-progress.ts'

const record = (id: string, boundBy: string[]) => ({
  key: `host:${id}`,
  collection: 'host',
  id,
  label: id,
  boundBy,
})

describe('recordProgress', () => {
  const statuses: Record<string, RunStatus> = {
    'drain a': 'completed',
    'restart a': 'skipped',
    'drain b': 'completed',
    'restart b': 'running',
    'drain c': 'timed-out',
  }
  const progress = recordProgress(
    {
      nodes: [
        record('a', ['drain', 'restart']),
        record('b', ['drain', 'restart']),
        record('c', ['drain']),
        record('d', ['drain']),
        record('e', []),
      ],
    },
    (node, id) => statuses[`${node} ${id}`],
  )

  it('counts the nodes that are done with a record', () => {
    expect(progress.get('host:a')).toEqual({ done: 2, failed: 0, total: 2 })
    expect(progress.get('host:b')).toEqual({ done: 1, failed: 0, total: 2 })
    expect(progress.has('host:e')).toBe(false)
  })

  it('fills by none, some and all, and red for a failure', () => {
    const fills = ['a', 'b', 'c', 'd'].map((id) =>
      fillOf(progress.get(`host:${id}`) ?? { done: 0, failed: 0, total: 0 }),
    )
    expect(fills).toEqual(['all', 'some', 'failed', 'none'])
    expect(sumProgress(progress.values())).toEqual({ done: 3, failed: 1, total: 6 })
  })
})
