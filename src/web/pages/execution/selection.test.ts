import { describe, expect, it } from 'vitest'
import { firstSelection, pagesFor } from './selection.ts'

describe('firstSelection', () => {
  it('opens on the record that failed, not on its node', () => {
    expect(
      firstSelection([
        { id: 'drain', status: 'completed' },
        { id: 'restart', status: 'failed' },
        { id: 'restart[h1]', status: 'completed' },
        { id: 'restart[h2]', status: 'failed' },
      ]),
    ).toBe('restart[h2]')
  })
  it('prefers the failure that ended last', () => {
    expect(
      firstSelection([
        { id: 'a', status: 'error', endedAt: '2026-01-01T00:00:00Z' },
        { id: 'b', status: 'timed-out', endedAt: '2026-01-02T00:00:00Z' },
      ]),
    ).toBe('b')
  })
  it('opens on who waits for a person when nothing failed', () => {
    expect(
      firstSelection([
        { id: 'pause', status: 'waiting', wait: { for: 'time' } },
        { id: 'ask', status: 'waiting', wait: { for: 'person' } },
      ]),
    ).toBe('ask')
  })
  it('selects nothing when all is well', () => {
    expect(firstSelection([{ id: 'a', status: 'completed' }])).toBeUndefined()
  })
})

describe('pagesFor', () => {
  it('pages every container the run lies in', () => {
    expect(pagesFor('outer[2]/inner[b]/work[h1]')).toEqual({ outer: '2', 'outer[2]/inner': 'b' })
    expect(pagesFor('work[h1]')).toEqual({})
    expect(pagesFor(undefined)).toEqual({})
  })
})
