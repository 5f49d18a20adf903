// Rule 13: run ids are computed, stable over replay, and readable in a log.
import { describe, expect, it } from 'vitest'
import { parallel, play, task } from '../../tests/helpers/scenario.ts'
import {
  attemptId,
  isInside,
  itemId,
  itemKeyPattern,
  keyOf,
  nodeOf,
  ownerOf,
  runId,
  scopeOf,
} from './run-id.ts'

describe('rule 13: run ids', () => {
  it.each([
    ['restart', '', 'restart', undefined, undefined],
    ['restart[host-3]', '', 'restart', 'restart', 'host-3'],
    ['each[41]/restart', 'each[41]', 'restart', undefined, undefined],
    ['each[41]/restart[a.b:c]', 'each[41]', 'restart', 'each[41]/restart', 'a.b:c'],
    ['par[left]/each[0]/x', 'par[left]/each[0]', 'x', undefined, undefined],
    ['each[host-3][41]', '', 'each', 'each[host-3]', '41'],
    ['try/x', 'try', 'x', undefined, undefined],
  ])('%s is read as what it is made of', (id, scope, node, owner, key) => {
    expect([scopeOf(id), nodeOf(id), ownerOf(id), keyOf(id)]).toEqual([scope, node, owner, key])
  })

  it('are made of scope, node and key', () => {
    expect(runId('', 'restart')).toBe('restart')
    expect(runId(itemId('each', 41), 'restart')).toBe('each[41]/restart')
    expect(itemId('restart', 'host-3')).toBe('restart[host-3]')
  })

  it('and attempts make names that no other attempt has', () => {
    expect([attemptId('restart', 1), attemptId('restart', 2), attemptId('restart[2]', 1)]).toEqual([
      'restart',
      'restart#2',
      'restart[2]',
    ])
    expect(itemKeyPattern.test('a#2')).toBe(false)
  })

  it('tell what lies inside what', () => {
    expect(isInside('each[41]/restart', 'each')).toBe(true)
    expect(isInside('each[41]/restart', 'each[41]')).toBe(true)
    expect(isInside('try/x', 'try')).toBe(true)
    expect(isInside('each', 'each')).toBe(false)
    expect(isInside('each2[0]/x', 'each')).toBe(false)
    expect(isInside('each[41]/restart', 'each[4]')).toBe(false)
  })

  it('have keys that cannot be mistaken for parts of the id', () => {
    for (const key of ['host-3', '41', 'a.b:c_d']) expect(itemKeyPattern.test(key)).toBe(true)
    for (const key of ['', 'a/b', 'a[b', 'a]', '-a', 'a b']) expect(itemKeyPattern.test(key)).toBe(false)
  })

  it('come from containers in containers', () => {
    const nodes = [
      parallel('p', 'all', ['left']),
      { id: 'l', type: 'loop', parent: 'p', branch: 'left', bind: { path: 'x' } },
      { id: 'g', type: 'group', parent: 'l' },
      task('x', { parent: 'g', bind: { path: 'y' } }),
    ]
    const bindings = { l: ['h1'], x: ['r1'] }
    const scenario = play({ nodes, bindings }, { l: { type: 'each', count: 1 } })
    expect(scenario.ran()).toContain('p[left]/l[h1][0]/g/x[r1]')
    expect(scenario.state.status).toBe('completed')
  })
})
