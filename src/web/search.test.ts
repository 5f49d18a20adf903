import { describe, expect, it } from 'vitest'
import { only, readExecutionSearch, readExecutionsSearch, readRunSearch } from './search.ts'

describe('search parameters', () => {
  it('that are not understood reach no page, though the router lays what is read over what was there', () => {
    const raw = { tab: 'nonsense', view: 'log', t: -5, extra: 1 }
    const shown = { ...raw, ...only(readExecutionSearch)(raw) }
    expect(shown).toEqual({ tab: undefined, view: 'log', t: undefined, extra: undefined })
  })

  it('keeps what it understands and drops the rest', () => {
    expect(readExecutionsSearch({ status: 'failed,error', period: '2y', page: 3, attention: 'yes' })).toEqual(
      {
        status: 'failed,error',
        attention: 'yes',
      },
    )
  })
  it('reads numbers and flags as what they were meant to be', () => {
    expect(readExecutionsSearch({ q: 1042 })).toEqual({ q: '1042' })
    expect(readExecutionSearch({ run: true, attempt: '2' })).toEqual({ run: 'true', attempt: 2 })
    expect(readExecutionSearch({ t: '1.5', line: -1, attempt: 'x' })).toEqual({})
  })
  it('drops times, numbers and statuses that are none, and says times as the server does', () => {
    const raw = { status: 'failed,nonsense', version: 'abc', batch: 12, from: '2026-11-21', to: 'garbage' }
    expect(readExecutionsSearch(raw)).toEqual({
      ...{ status: 'failed', batch: '12', from: '2026-11-21T00:00:00.000Z' },
    })
    expect(readExecutionsSearch({ status: 'nonsense' })).toEqual({})
  })
  it('leaves out what is empty', () => {
    expect(readRunSearch({ q: '', kind: 'sub' })).toEqual({ kind: 'sub' })
    expect(readRunSearch({ q: { deep: 1 } })).toEqual({})
  })
})
