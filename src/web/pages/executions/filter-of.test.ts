import { describe, expect, it } from 'vitest'
import { readExecutionsSearch } from '../../search.ts'
import { filterOf, textOf } from './filter-of.ts'

const now = Date.parse('2026-03-04T12:00:30.000Z')

describe('filterOf', () => {
  it('asks for a period up to now, to the minute', () => {
    expect(filterOf({ period: '3d' }, now)).toEqual({ from: '2026-03-01T12:00:00.000Z' })
  })

  it('asks for times, flags and numbers as the server takes them', () => {
    const search = readExecutionsSearch({
      from: '2026-03-01T08:00',
      to: '2026-03-02T00:00:00Z',
      needs: 'me',
      test: 'no',
      version: 3,
      batch: 7,
      kind: 'sub',
      status: 'failed,error',
    })
    expect(filterOf(search, now)).toEqual({
      from: new Date('2026-03-01T08:00').toISOString(),
      to: '2026-03-02T00:00:00.000Z',
      needsMe: true,
      test: false,
      version: 3,
      batch: '7',
      kind: 'sub',
      status: 'failed,error',
    })
  })

  it('leaves out what the server would refuse', () => {
    const search = readExecutionsSearch({
      from: 'yesterday',
      batch: 'x',
      version: '-1',
      kind: 'odd',
      parent: '0x1',
    })
    expect(filterOf(search, now)).toEqual({})
  })
})

describe('textOf', () => {
  it('does not depend on the order of the filters', () => {
    expect(textOf({ q: 'a b', status: 'failed' })).toBe(textOf({ status: 'failed', q: 'a b' }))
    expect(readExecutionsSearch(Object.fromEntries(new URLSearchParams(textOf({ q: 'ä,&=' }))))).toEqual({
      q: 'ä,&=',
    })
  })
})
