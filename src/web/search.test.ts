import { describe, expect, it } from 'vitest'
import { readExecutionSearch, readExecutionsSearch, readRunSearch } from './search.ts'

describe('search parameters', () => {
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
  it('leaves out what is empty', () => {
    expect(readRunSearch({ q: '', kind: 'sub' })).toEqual({ kind: 'sub' })
    expect(readRunSearch({ q: { deep: 1 } })).toEqual({})
  })
})
