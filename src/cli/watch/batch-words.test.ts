import { describe, expect, it } from 'vitest'
import type { Batch } from '../../api/contract/batches.ts'
import { allCompleted, batchCounts, batchLook, needsPerson, stopRuleText, underWay } from './batch-words.ts'

const batch = (part: Partial<Batch>) =>
  ({ state: 'running', counts: {}, attention: 0, asks: 0, parallel: 2, ...part }) as Batch

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
    const some = batch({ counts, attention: 2, asks: 1 })
    expect(underWay(some)).toBe(2)
    expect(batchCounts(some)).toBe(
      '12 of 24 completed, 2 failed, 2 canceled, 2 held, 1 waiting for a person, 2 under way, 3 not started',
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

  it('says when nothing goes on without a person', () => {
    const stuck = (part: Partial<Batch>) => needsPerson(batch(part))
    expect(stuck({ counts: { running: 1 }, attention: 1 })).toBe(true)
    expect(stuck({ counts: { running: 2 }, asks: 1, attention: 1 })).toBe(true)
    expect(stuck({ counts: { running: 2 }, asks: 1 })).toBe(false)
    // What is held takes no place, so that others are started; what waits for an answer does.
    expect(stuck({ counts: { running: 2, 'not-started': 1 }, attention: 2 })).toBe(false)
    expect(stuck({ counts: { running: 2, 'not-started': 1 }, asks: 2 })).toBe(true)
    expect(stuck({ counts: { running: 1, 'not-started': 1 }, asks: 1 })).toBe(false)
    expect(stuck({ state: 'paused', counts: { 'not-started': 1 } })).toBe(true)
    expect(stuck({ counts: { running: 1 }, attention: 1, endedAt: 'x' })).toBe(false)
  })

  it('tells its stop rule', () => {
    expect([{ stopCount: 0 }, { stopPercent: 10 }, {}].map((rule) => stopRuleText(batch(rule)))).toEqual([
      'when more than 0 failed',
      'when more than 10 % failed',
      'however many fail',
    ])
  })
})
