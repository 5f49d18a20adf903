import { describe, expect, it } from 'vitest'
import { createShown } from './shown.ts'

interface Look {
  text: string
  status?: string
}

const looks = (all: Record<string, Look>) => new Map(Object.entries(all))

describe('what cards show', () => {
  it('tells those who watch what changed, and nobody else', () => {
    const shown = createShown<Look>(looks({ a: { text: 'one' }, b: { text: 'two' } }))
    const told: string[] = []
    shown.watch('a', () => told.push('a'))
    shown.watch('b', () => told.push('b'))
    shown.show(looks({ a: { text: 'one' }, b: { text: 'three' } }))
    expect(told).toEqual(['b'])
    expect(shown.get('b')).toEqual({ text: 'three' })
  })

  it('keeps the object of what is equal: whoever reads it need not be drawn', () => {
    const first = { text: 'one' }
    const shown = createShown<Look>(looks({ a: first }))
    shown.show(looks({ a: { text: 'one' } }))
    expect(shown.get('a')).toBe(first)
  })

  it('tells also of what is left out', () => {
    const shown = createShown<Look>(looks({ a: { text: 'one', status: 'failed' } }))
    const told: string[] = []
    shown.watch('a', () => told.push('a'))
    shown.show(looks({ a: { text: 'one' } }))
    expect(told).toEqual(['a'])
    expect(shown.get('a')).toEqual({ text: 'one' })
  })

  it('tells nobody who left', () => {
    const shown = createShown<Look>(looks({ a: { text: 'one' } }))
    const told: string[] = []
    const stay = shown.watch('a', () => told.push('stayed'))
    const leave = shown.watch('a', () => told.push('left'))
    leave()
    shown.show(looks({ a: { text: 'two' } }))
    stay()
    expect(told).toEqual(['stayed'])
  })
})
