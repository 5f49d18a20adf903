import { describe, expect, it } from 'vitest'
import type { PreviewBinding } from '../../../api/contract/previews.ts'
import type { WorkflowDocument } from '../../../core/document.ts'
import {
  changed,
  chooserOf,
  chosenBindings,
  chosenCounts,
  countTouched,
  isChecked,
  toggle,
  type Unchecked,
  uncheckedAs,
  undone,
  untouched,
  withChoices,
  workedOn,
} from './choices.ts'

const binding = (node: string, ids: string[], mode: PreviewBinding['mode'] = 'start'): PreviewBinding => ({
  node,
  mode,
  collection: node === 'look' ? 'app' : 'host',
  records: ids.map((id) => ({ id, label: id })),
  toOne: false,
})
const bindings = [
  binding('drain', ['a', 'b']),
  binding('restart', ['b', 'c']),
  binding('again', ['b', 'c'], 'same-as'),
  binding('late', ['z'], 'run'),
]
const document: WorkflowDocument = {
  format: 'fermata/1',
  key: 'w',
  title: 'W',
  nodes: [
    { id: 'drain', type: 'set', bind: { path: 'host' } },
    { id: 'restart', type: 'set', bind: { path: 'hosts' } },
    { id: 'again', type: 'set', bind: { mode: 'same-as', node: 'restart' } },
    { id: 'late', type: 'set', bind: { path: 'host', mode: 'run' } },
    { id: 'ring', type: 'set', bind: { mode: 'same-as', node: 'ring' } },
  ],
  edges: [],
}
const worked = (unchecked: Unchecked = {}) => workedOn({ bindings, document }, unchecked)
const off = (node: string, ...records: string[]) => toggle({}, { node, records, on: false })

describe('choices of the preview', () => {
  it('sends every binding made at the start, less what was unchecked', () => {
    const unchecked = off('restart', 'b')
    expect(isChecked(unchecked, 'restart', 'b')).toBe(false)
    expect(chosenBindings(bindings, worked(unchecked))).toEqual({ drain: ['a', 'b'], restart: ['c'] })
  })

  it('lets a node that shares records follow the checks of the other', () => {
    expect(chosenCounts(worked(off('restart', 'b')))).toEqual({ drain: 2, restart: 1, again: 1, late: 1 })
    expect(chooserOf(document, 'again')).toBe('restart')
    expect(chooserOf(document, 'ring')).toBe('ring')
  })

  it('checks again', () => {
    const unchecked = toggle(off('drain', 'a', 'b'), { node: 'drain', records: ['a'], on: true })
    expect(chosenBindings(bindings, worked(unchecked)).drain).toEqual(['a'])
  })

  it('counts every record once', () => {
    expect(countTouched(bindings, worked())).toEqual(new Map([['host', 4]]))
    expect(countTouched(bindings, worked(off('restart', 'c')))).toEqual(new Map([['host', 3]]))
    const all = off('drain', 'a', 'b')
    expect(countTouched([binding('drain', ['a', 'b'])], workedOn({ bindings, document }, all))).toEqual(
      new Map(),
    )
  })

  it('shows on a record the nodes that will work on it', () => {
    const record = {
      key: 'host:b',
      collection: 'host',
      id: 'b',
      label: 'b',
      boundBy: ['drain', 'restart', 'again'],
    }
    const graph = { nodes: [record], edges: [], collections: [], truncated: false }
    expect(withChoices(graph, worked(off('restart', 'b'))).nodes[0]?.boundBy).toEqual(['drain'])
  })

  it('begins as another execution did: what it did not work on is unchecked, what is gone is not there', () => {
    const then = (run: string, ids: string[], collection = 'host') => ({
      run,
      collection,
      mode: 'start',
      records: ids.map((id) => ({ id, label: id })),
    })
    expect(uncheckedAs([then('drain', ['a', 'b']), then('restart', ['gone', 'c'])], bindings)).toEqual({
      restart: ['b'],
    })
    // Not fixed before the run, not then either, or led to something else then.
    const late = { ...then('restart', []), mode: 'run' }
    const others = [then('late', []), then('again', []), then('drain', ['x'], 'unit'), late]
    expect(uncheckedAs(others, bindings)).toEqual({})
  })

  it('takes back one change after the other', () => {
    const one = changed(untouched({}), off('drain', 'a'))
    const two = changed(one, off('drain', 'a', 'b'))
    expect(undone(two).now).toEqual(one.now)
    expect(undone(undone(two))).toEqual(untouched({}))
    expect(undone(untouched({}))).toEqual(untouched({}))
  })
})
