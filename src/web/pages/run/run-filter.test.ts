import { describe, expect, it } from 'vitest'
import { readRunSearch } from '../../search.ts'
import { isNarrowed, runFilter } from './run-filter.ts'

const today = new Date(2026, 4, 20, 13, 30)
const at = (year: number, month: number, day: number) => new Date(year, month - 1, day).toISOString()

describe('runFilter', () => {
  it('asks for what is published, main workflows unless told otherwise', () => {
    expect(runFilter({}, today)).toEqual({ kind: 'main', state: 'published' })
    expect(runFilter({ kind: 'sub', q: 'x', favourite: 'yes', target: 'host', owner: 'o' }, today)).toEqual({
      kind: 'sub',
      state: 'published',
      q: 'x',
      favourite: true,
      target: 'host',
      owner: 'o',
    })
  })

  it('counts periods in whole days, so that the question stays the same all day', () => {
    expect(runFilter({ updated: '3m' }, today)).toMatchObject({ updatedAfter: at(2026, 2, 20) })
    expect(runFilter({ updated: '1y' }, new Date(2026, 4, 20, 1))).toMatchObject({
      updatedAfter: at(2025, 5, 20),
    })
  })

  it('takes both days of a custom range whole, and half a range too', () => {
    expect(runFilter({ updated: 'custom', from: '2026-03-01', to: '2026-03-31' }, today)).toMatchObject({
      updatedAfter: at(2026, 3, 1),
      updatedBefore: at(2026, 4, 1),
    })
    expect(runFilter({ updated: 'custom', to: 'nonsense' }, today)).toEqual({
      kind: 'main',
      state: 'published',
    })
  })
})

describe('the search of the run page', () => {
  it('keeps what it knows and drops the rest', () => {
    const raw = { kind: 'sub', favourite: 'yes', updated: '9y', owner: 'ops', page: 3 }
    expect(readRunSearch(raw)).toEqual({ kind: 'sub', favourite: 'yes', owner: 'ops' })
    expect(isNarrowed(readRunSearch({ kind: 'sub' }))).toBe(false)
    expect(isNarrowed(readRunSearch(raw))).toBe(true)
  })
})
