import { describe, expect, it } from 'vitest'
import type { PreviewBinding } from '../../../api/contract/previews.ts'
import { chosenBindings, chosenCounts, countTouched, isChecked, toggle } from './choices.ts'

const binding = (node: string, ids: string[], mode: PreviewBinding['mode'] = 'start'): PreviewBinding => ({
  node,
  mode,
  collection: 'host',
  records: ids.map((id) => ({ id, label: id })),
  toOne: false,
})
const bindings = [binding('drain', ['a', 'b']), binding('restart', ['b', 'c']), binding('late', ['z'], 'run')]

describe('choices of the preview', () => {
  it('sends every binding made at the start, less what was unchecked', () => {
    const unchecked = toggle({}, { node: 'restart', records: ['b'], on: false })
    expect(isChecked(unchecked, 'restart', 'b')).toBe(false)
    expect(chosenBindings(bindings, unchecked)).toEqual({ drain: ['a', 'b'], restart: ['c'] })
    expect(chosenCounts(bindings, unchecked)).toEqual({ drain: 2, restart: 1, late: 1 })
  })
  it('checks again', () => {
    const unchecked = toggle(toggle({}, { node: 'drain', records: ['a', 'b'], on: false }), {
      node: 'drain',
      records: ['a'],
      on: true,
    })
    expect(chosenBindings(bindings, unchecked).drain).toEqual(['a'])
  })
  it('counts every record once', () => {
    expect(countTouched(bindings, {})).toBe(4)
    expect(countTouched(bindings, toggle({}, { node: 'restart', records: ['c'], on: false }))).toBe(3)
  })
})
