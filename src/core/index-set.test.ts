// Rule 15: what a container remembers of its items stays small.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addIndex,
  countIndices,
  emptySet,
  hasIndex,
  type IndexSet,
  listIndices,
  removeIndex,
} from './index-set.ts'

const indices = fc.array(fc.nat(2000), { maxLength: 500 })
const setOf = (list: readonly number[]): IndexSet => list.reduce<IndexSet>(addIndex, emptySet)
const sorted = (set: ReadonlySet<number>) => [...set].sort((a, b) => a - b)

describe('rule 15: a set of item indices', () => {
  it('holds what was added, once and in order', () => {
    fc.assert(
      fc.property(indices, (list) => {
        const set = setOf(list)
        expect(listIndices(set)).toEqual(sorted(new Set(list)))
        expect(countIndices(set)).toBe(new Set(list).size)
      }),
    )
  })

  it('is the same as a set, whatever is added and removed', () => {
    const changes = fc.array(fc.tuple(fc.boolean(), fc.nat(300)), { maxLength: 800 })
    fc.assert(
      fc.property(changes, (list) => {
        const expected = new Set<number>()
        let set: IndexSet = emptySet
        for (const [adds, index] of list) {
          set = adds ? addIndex(set, index) : removeIndex(set, index)
          if (adds) expected.add(index)
          else expected.delete(index)
        }
        expect(listIndices(set)).toEqual(sorted(expected))
        for (const index of [0, 1, 5, 6, 299, 300, 301])
          expect(hasIndex(set, index)).toBe(expected.has(index))
      }),
    )
  })

  it('never changes the set it was given', () => {
    const list = setOf([1, 2, 3])
    addIndex(list, 9)
    removeIndex(list, 2)
    expect(listIndices(list)).toEqual([1, 2, 3])
  })

  it('is a list while it is short and a bitmap once it is long: 10,000 indices in under 2 KB', () => {
    const short = setOf([7, 3])
    expect(short).toEqual([3, 7])
    const full = setOf(Array.from({ length: 10_000 }, (_, n) => n))
    expect(typeof full).toBe('string')
    expect(JSON.stringify(full).length).toBeLessThan(2000)
    const emptied = listIndices(full).reduce<IndexSet>(removeIndex, full)
    expect(emptied).toEqual([])
  })

  it('survives JSON', () => {
    fc.assert(
      fc.property(indices, (list) => {
        const set = setOf(list)
        expect(listIndices(JSON.parse(JSON.stringify(set)) as IndexSet)).toEqual(listIndices(set))
      }),
    )
  })
})
