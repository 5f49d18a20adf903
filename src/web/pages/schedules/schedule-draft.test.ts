import { describe, expect, it } from 'vitest'
import { changedFields, openedWith, withTyped } from './schedule-draft.ts'

const { draft } = openedWith(undefined, { execution: '1', name: 'Nightly' })

describe('a schedule that somebody else has saved meanwhile', () => {
  const present = { ...draft, name: 'Of the night', missed: 'all' as const }
  const typed = { ...draft, name: 'Mine', mail: ['me@example.org'] }

  it('is compared field by field', () => {
    expect(changedFields(draft, draft)).toEqual([])
    expect(changedFields(draft, present)).toEqual(['name', 'missed'])
  })

  it('keeps what was typed, and theirs wherever nothing was', () => {
    expect(withTyped(present, draft, typed)).toEqual({ ...present, name: 'Mine', mail: ['me@example.org'] })
    expect(withTyped(present, draft, draft)).toEqual(present)
  })
})
