import { describe, expect, it } from 'vitest'
import { createPlaces } from './places.ts'

const nothing = () => undefined

describe('places', () => {
  it('are as many as the capacity, and come back', () => {
    let freed = 0
    const places = createPlaces(2, () => freed++)
    expect([places.take('a'), places.take('a'), places.take('a')]).toEqual([true, true, false])
    places.give('a')
    expect([freed, places.free, places.take('b'), places.free]).toEqual([1, 1, true, 0])
  })

  it('for what was claimed are as many as are left', () => {
    const places = createPlaces(3, nothing)
    expect(places.take('a')).toBe(true)
    expect(places.fill(['b', 'b', 'b'])).toBe(2)
    expect([places.free, [...places.taken]]).toEqual([
      0,
      [
        ['a', 1],
        ['b', 2],
      ],
    ])
  })

  it('that are booked go to the queue', () => {
    const places = createPlaces(3, nothing)
    for (let n = 0; n < 3; n++) places.take('a')
    places.book(true)
    places.give('a')
    expect([places.take('a'), places.free, places.fill(['b'])]).toEqual([false, 1, 1])
    places.give('a')
    places.book(false)
    expect(places.take('a')).toBe(true)
  })

  it('a workflow takes all of them while nobody waits, and its share while others do', () => {
    const places = createPlaces(4, nothing)
    expect([1, 2, 3].map(() => places.take('busy'))).toEqual([true, true, true])
    places.othersWait(['busy', 'other'])
    expect([places.take('busy'), places.take('other')]).toEqual([false, true])
    places.give('busy')
    places.give('busy')
    expect([places.take('busy'), places.take('busy')]).toEqual([true, false])
    places.othersWait(['busy'])
    expect(places.take('busy')).toBe(true)
  })

  it('are never less than one for each who waits', () => {
    const places = createPlaces(2, nothing)
    places.othersWait(['a', 'b', 'c', 'd'])
    expect([places.take('a'), places.take('a'), places.take('b')]).toEqual([true, false, true])
  })

  it('are not given out after closing', () => {
    const places = createPlaces(2, nothing)
    places.close()
    expect([places.take('a'), places.fill(['a']), places.free]).toEqual([false, 0, 0])
  })
})
