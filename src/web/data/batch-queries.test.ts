import { describe, expect, it } from 'vitest'
import type { BatchTarget } from '../../api/contract/batches.ts'
import { countTargets, mergeTargets } from './batch-queries.ts'

const target = (position: number, status: BatchTarget['status']): BatchTarget => ({
  position,
  id: `t${position}`,
  label: `T ${position}`,
  status,
  attempt: 1,
})

describe('mergeTargets', () => {
  const known = [target(1, 'completed'), target(2, 'running'), target(3, 'not-started')]

  it('takes what has changed in its place, and leaves the rest as the same objects', () => {
    const merged = mergeTargets(known, [target(3, 'running'), target(2, 'failed')])
    expect(merged.map(({ status }) => status)).toEqual(['completed', 'failed', 'running'])
    expect(merged[0]).toBe(known[0])
    const asking = { ...target(2, 'running'), asks: true }
    expect(mergeTargets(known, [asking])[1]).toBe(asking)
  })

  it('is the same list when nothing has changed', () => {
    expect(mergeTargets(known, [target(2, 'running')])).toBe(known)
  })
})

describe('countTargets', () => {
  it('counts by status, and what a failed node holds', () => {
    const held = { ...target(4, 'running'), attention: true }
    expect(
      countTargets([target(1, 'completed'), target(2, 'running'), target(3, 'completed'), held]),
    ).toEqual({
      counts: { completed: 2, running: 2 },
      attention: 1,
      asks: 0,
    })
    expect(countTargets([])).toEqual({ counts: {}, attention: 0, asks: 0 })
  })
})
