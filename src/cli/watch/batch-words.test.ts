import { describe, expect, it } from 'vitest'
import type { Batch } from '../../api/contract/batches.ts'
import { allCompleted, batchCounts, batchLook, stopRuleText, underWay } from './batch-words.ts'

const batch = (part: Partial<Batch>) => ({ state: 'running', counts: {}, attention: 0, ...part }) as Batch

describe('a batch in words', () => {
  it('counts what is held apart from what is under way', () => {
    const counts = {
      completed: 12,
      failed: 1,
      refused: 1,
      canceled: 2,
      running: 4,
      queued: 1,
      'not-started': 3,
    }
    const some = batch({ counts, attention: 2 })
    expect(underWay(some)).toBe(3)
    expect(batchCounts(some)).toBe(
      '12 of 24 completed, 2 failed, 2 canceled, 2 held, 3 under way, 3 not started',
    )
    expect(batchCounts(batch({ counts: { completed: 2 } }))).toBe('2 of 2 completed')
  })

  it('says how it ended', () => {
    expect(batchLook(batch({ state: 'completed', counts: { completed: 2 } })).word).toBe('completed')
    expect(batchLook(batch({ state: 'completed', counts: { completed: 2, error: 1 } })).word).toBe(
      'some failed',
    )
    expect(batchLook(batch({ state: 'stopped', reason: 'failures' })).word).toBe('stopped: too many failed')
    expect(batchLook(batch({ state: 'stopped', reason: 'Lunch' })).word).toBe('stopped')
    expect(allCompleted(batch({ state: 'stopped', counts: { completed: 2 } }))).toBe(false)
  })

  it('tells its stop rule', () => {
    expect([{ stopCount: 0 }, { stopPercent: 10 }, {}].map((rule) => stopRuleText(batch(rule)))).toEqual([
      'when more than 0 failed',
      'when more than 10 % failed',
      'however many fail',
    ])
  })
})
