import { describe, expect, it } from 'vitest'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import type { WorkflowDocument } from '../../../core/document.ts'
import { nodeOf, scopeOf } from '../../../core/run-id.ts'
import { type CanvasType, structureOf } from '../../canvas/structure.ts'
import { barsOf, busyStretches, timelineRows } from './timeline-rows.ts'

const type = (name: string, container?: CanvasType['container']): [string, CanvasType] => [
  name,
  { type: name, title: { en: name, zh: name, ru: name }, icon: 'x', group: 'control', container },
]
const types = new Map([
  type('set'),
  type('loop', 'loop'),
  type('group', 'group'),
  type('parallel', 'parallel'),
])
const structure = (nodes: WorkflowDocument['nodes']) =>
  structureOf({ format: 'fermata/1', key: 'w', title: 'W', nodes, edges: [] }, types)

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()
const ms = (second: number) => Date.parse(at(second))
const run = (id: string, from: number, to?: number, part: Partial<NodeRun> = {}): NodeRun => ({
  id,
  node: nodeOf(id),
  type: 'set',
  scope: scopeOf(id),
  attempt: 1,
  status: to === undefined ? 'running' : 'completed',
  acts: [],
  startedAt: at(from),
  ...(to === undefined ? {} : { endedAt: at(to) }),
  ...part,
})
const rowsOf = (nodes: WorkflowDocument['nodes'], runs: NodeRun[], toggled: string[] = []) =>
  timelineRows({
    structure: structure(nodes),
    runs: Map.groupBy(runs, ({ id }) => id),
    labelOf: (id) => (id.endsWith('[h1]') ? 'host one' : undefined),
    toggled: new Set(toggled),
  })
const shape = (rows: ReturnType<typeof rowsOf>) =>
  rows.map(({ id, title, depth }) => `${'  '.repeat(depth)}${title === id ? id : `${id} (${title})`}`)

const nested: WorkflowDocument['nodes'] = [
  { id: 'each', type: 'loop', config: { over: '[1]' } },
  { id: 'both', type: 'parallel', parent: 'each', config: { branches: ['left', 'right'] } },
  { id: 'l', type: 'set', parent: 'both', branch: 'left' },
  { id: 'r', type: 'set', parent: 'both', branch: 'right' },
  { id: 'tidy', type: 'group' },
  { id: 'sweep', type: 'set', parent: 'tidy' },
]

describe('timelineRows', () => {
  it('lists nodes that have not started too', () => {
    expect(
      shape(
        rowsOf(
          [
            { id: 'a', type: 'set' },
            { id: 'b', type: 'set' },
          ],
          [run('a', 1, 2)],
        ),
      ),
    ).toEqual(['a', 'b'])
  })

  it('puts the records of a bound node below it, by their labels', () => {
    const nodes = [{ id: 'a', type: 'set', bind: { path: 'host' } }]
    expect(shape(rowsOf(nodes, [run('a', 1), run('a[h1]', 1, 2), run('a[h2]', 1)]))).toEqual([
      'a',
      '  a[h1] (host one)',
      '  a[h2] (h2)',
    ])
  })

  it('walks loops, branches and groups, each in its scope', () => {
    const rows = rowsOf(nested, [
      run('each', 1, 9),
      run('each[0]/both', 1, 5),
      run('each[0]/both[left]/l', 1, 3),
      run('each[0]/both[right]/r', 2, 5),
      run('each[1]/both', 5),
      run('tidy/sweep', 9, 10),
    ])
    expect(shape(rows).slice(0, 6)).toEqual([
      'each',
      '  each[0] (0)',
      '    each[0]/both (both)',
      '      each[0]/both[left] (left)',
      '        each[0]/both[left]/l (l)',
      '      each[0]/both[right] (right)',
    ])
    expect(shape(rows).slice(-2)).toEqual(['tidy', '  tidy/sweep (sweep)'])
    expect(rows.find(({ id }) => id === 'each[0]')?.span).toEqual({ from: ms(1), to: ms(5) })
    expect(rows.find(({ id }) => id === 'each[1]')?.span).toEqual({ from: ms(5), to: undefined })
  })

  it('folds what is long, and what somebody folded', () => {
    const nodes = [{ id: 'a', type: 'set', bind: { path: 'host' } }]
    const many = Array.from({ length: 40 }, (_, n) => run(`a[r${n}]`, 1))
    expect(rowsOf(nodes, many)).toHaveLength(1)
    expect(rowsOf(nodes, many, ['a'])).toHaveLength(41)
    expect(rowsOf(nodes, many.slice(0, 3), ['a'])).toHaveLength(1)
  })
})

describe('barsOf', () => {
  it('has one bar for each attempt, and tells waiting from work', () => {
    const attempts = [
      run('a', 1, 2, { status: 'failed' }),
      run('a', 5, 9, { attempt: 2, waited: 'time' }),
      run('a', 9, undefined, { attempt: 3, status: 'waiting', wait: { for: 'person' } }),
      run('a', 9, 10, { attempt: 4, status: 'risky', risks: [] }),
    ]
    expect(barsOf(attempts).map(({ attempt, part, to }) => [attempt.attempt, part, to])).toEqual([
      [1, 'work', ms(2)],
      [2, 'wait', ms(9)],
      [3, 'wait', undefined],
      [4, 'wait', ms(10)],
    ])
  })
})

describe('busyStretches', () => {
  it('leaves out waits, and of containers all but their ends', () => {
    const runs = Map.groupBy(
      [run('loop', 1, 9), run('work', 2), run('ask', 3, 8, { waited: 'person' })],
      ({ id }) => id,
    )
    const found = busyStretches(runs, { now: ms(10), isOuter: (id) => id === 'loop' })
    expect(found).toEqual([
      { from: ms(1), to: ms(1) },
      { from: ms(9), to: ms(9) },
      { from: ms(2), to: ms(10) },
    ])
  })
})
