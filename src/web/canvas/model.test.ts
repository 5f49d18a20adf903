import { describe, expect, it } from 'vitest'
import type { WorkflowDocument } from '../../core/document.ts'
import { type ExecutionView, executionModel, previewModel } from './model.ts'
import type { CanvasRun } from './run-index.ts'
import { type CanvasType, structureOf } from './structure.ts'

const text = (word: string) => ({ en: word, zh: word, ru: word })
const typeOf = (type: string, extra: Partial<CanvasType> = {}): CanvasType => ({
  type,
  title: text(type),
  icon: 'circle',
  group: 'control',
  ...extra,
})
const types = new Map(
  [
    typeOf('set'),
    typeOf('ssh-command', { group: 'remote' }),
    typeOf('condition', { ports: { fixed: ['yes', 'no'] } }),
    typeOf('switch', { ports: { each: '/cases', name: 'name', plus: ['else'] } }),
    typeOf('loop', { container: 'loop' }),
    typeOf('parallel', { container: 'parallel' }),
    typeOf('group', { container: 'group' }),
  ].map((type) => [type.type, type]),
)

const document = (part: Partial<WorkflowDocument>): WorkflowDocument => ({
  format: 'fermata/1',
  key: 'test',
  title: 'Test',
  nodes: [],
  edges: [],
  ...part,
})
const run = (id: string, status: CanvasRun['status'], extra: Partial<CanvasRun> = {}): CanvasRun => ({
  id,
  node: id.replace(/\[.*/, ''),
  attempt: 1,
  status,
  ...extra,
})
const view = (runs: CanvasRun[], extra: Partial<ExecutionView> = {}): ExecutionView => ({
  status: 'running',
  runs,
  notReached: [],
  bound: {},
  pages: {},
  ...extra,
})

const branching = structureOf(
  document({
    nodes: [
      { id: 'no-way', type: 'set' },
      { id: 'check', type: 'condition' },
      { id: 'yes-way', type: 'set' },
      { id: 'merge', type: 'set' },
    ],
    edges: [
      { from: 'check', port: 'yes', to: 'yes-way' },
      { from: 'check', port: 'no', to: 'no-way' },
      { from: 'yes-way', to: 'merge' },
      { from: 'no-way', to: 'merge' },
    ],
  }),
  types,
)
const statuses = (model: ReturnType<typeof executionModel>) =>
  Object.fromEntries(model.nodes.map((node) => [node.id, node.status]))
const edges = (model: ReturnType<typeof executionModel>) =>
  Object.fromEntries(model.edges.map((edge) => [`${edge.from}→${edge.to}`, edge.state]))

describe('structureOf', () => {
  it('numbers nodes after those they follow, bodies after their container', () => {
    const structure = structureOf(
      document({
        nodes: [
          { id: 'last', type: 'set' },
          { id: 'inner', type: 'set', parent: 'each' },
          { id: 'each', type: 'loop' },
        ],
        edges: [{ from: 'each', to: 'last' }],
      }),
      types,
    )
    expect(structure.nodes.map((node) => [node.id, node.number])).toEqual([
      ['each', 1],
      ['inner', 2],
      ['last', 3],
    ])
  })

  it('numbers every node of a cyclic draft', () => {
    const cyclic = document({
      nodes: [
        { id: 'a', type: 'set' },
        { id: 'b', type: 'set' },
      ],
      edges: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a' },
      ],
    })
    expect(structureOf(cyclic, types).nodes).toHaveLength(2)
  })

  it('reads ports from the config and adds the port error', () => {
    const structure = structureOf(
      document({
        nodes: [
          {
            id: 'pick',
            type: 'switch',
            config: { cases: [{ name: 'small' }, { name: 'big' }] },
            policy: { onError: 'branch' },
          },
        ],
      }),
      types,
    )
    expect(structure.nodes[0]).toMatchObject({ ports: ['small', 'big', 'else', 'error'], usedPorts: [] })
  })

  it('draws each branch of a parallel in a frame of its own', () => {
    const structure = structureOf(
      document({
        nodes: [
          { id: 'both', type: 'parallel', config: { branches: ['left', 'right'] } },
          { id: 'a', type: 'set', parent: 'both', branch: 'left' },
          { id: 'b', type: 'set', parent: 'both', branch: 'right' },
        ],
      }),
      types,
    )
    expect(structure.nodes.map((node) => [node.id, node.parent])).toEqual([
      ['both', undefined],
      ['both/left', 'both'],
      ['a', 'both/left'],
      ['both/right', 'both'],
      ['b', 'both/right'],
    ])
  })

  it('leaves out edges to nodes that do not exist', () => {
    const broken = document({ nodes: [{ id: 'a', type: 'set' }], edges: [{ from: 'a', to: 'ghost' }] })
    expect(structureOf(broken, types).edges).toEqual([])
  })
})

describe('previewModel', () => {
  it('shows counts and no status', () => {
    const model = previewModel(branching, { check: 3 })
    expect(model.nodes.find((node) => node.id === 'check')).toMatchObject({ boundCount: 3 })
    expect(model.nodes.every((node) => node.status === undefined)).toBe(true)
    expect(model.edges.every((edge) => edge.state === 'open')).toBe(true)
  })
})

describe('executionModel: edges', () => {
  it('takes the port whose node ran and dots the other', () => {
    const model = executionModel(branching, view([run('check', 'completed'), run('yes-way', 'running')]))
    expect(edges(model)).toEqual({
      'check→yes-way': 'taken',
      'check→no-way': 'untaken',
      'yes-way→merge': 'open',
      'no-way→merge': 'untaken',
    })
    expect(statuses(model)).toEqual({
      check: 'completed',
      'yes-way': 'running',
      'no-way': 'not-reached',
      merge: 'not-started',
    })
    expect(model.edges.find((edge) => edge.to === 'yes-way')?.status).toBe('running')
  })

  it('keeps everything open before the decision', () => {
    const model = executionModel(branching, view([run('check', 'running')]))
    expect(new Set(Object.values(edges(model)))).toEqual(new Set(['open']))
  })

  it('marks what an ended execution never reached', () => {
    const model = executionModel(branching, view([run('check', 'failed')], { status: 'failed' }))
    expect(statuses(model)).toEqual({
      check: 'failed',
      'yes-way': 'not-reached',
      'no-way': 'not-reached',
      merge: 'not-reached',
    })
  })

  it('believes the server about what is not reached', () => {
    const model = executionModel(branching, view([run('check', 'running')], { notReached: ['no-way'] }))
    expect(statuses(model)['no-way']).toBe('not-reached')
  })

  it('does not take an edge out of a failed node, except by its port error', () => {
    const handled = structureOf(
      document({
        nodes: [
          { id: 'risky', type: 'set', policy: { onError: 'branch' } },
          { id: 'fine', type: 'set' },
          { id: 'mend', type: 'set' },
        ],
        edges: [
          { from: 'risky', to: 'fine' },
          { from: 'risky', port: 'error', to: 'mend' },
        ],
      }),
      types,
    )
    const model = executionModel(
      handled,
      view([run('risky', 'failed'), run('mend', 'completed')], { status: 'completed' }),
    )
    expect(edges(model)).toEqual({ 'risky→fine': 'untaken', 'risky→mend': 'taken' })
  })
})

describe('executionModel: decisions', () => {
  const merging = structureOf(
    document({
      nodes: [
        { id: 'level', type: 'switch', config: { cases: [{ name: 'full' }, { name: 'filling' }] } },
        { id: 'ticket', type: 'set' },
        { id: 'clean', type: 'set' },
      ],
      edges: [
        { from: 'level', port: 'full', to: 'ticket' },
        { from: 'level', port: 'filling', to: 'clean' },
        { from: 'ticket', to: 'clean' },
      ],
    }),
    types,
  )

  it('believes the decision, also where branches meet again', () => {
    const runs = [
      run('level', 'completed', { output: 'full' }),
      run('ticket', 'completed'),
      run('clean', 'completed'),
    ]
    expect(edges(executionModel(merging, view(runs, { status: 'completed' })))).toEqual({
      'level→ticket': 'taken',
      'level→clean': 'untaken',
      'ticket→clean': 'taken',
    })
  })

  it('knows the decision before anything has run behind it', () => {
    const model = executionModel(branching, view([run('check', 'completed', { output: false })]))
    expect(edges(model)).toMatchObject({ 'check→yes-way': 'untaken', 'check→no-way': 'taken' })
    expect(statuses(model)['yes-way']).toBe('not-reached')
  })
})

describe('executionModel: records and containers', () => {
  it('looks into a group, whose scope has the id of its run', () => {
    const structure = structureOf(
      document({
        nodes: [
          { id: 'clean', type: 'group' },
          { id: 'show', type: 'set', parent: 'clean' },
        ],
      }),
      types,
    )
    const runs = [run('clean', 'running'), run('clean/show', 'completed', { node: 'show' })]
    expect(statuses(executionModel(structure, view(runs)))).toEqual({ clean: 'running', show: 'completed' })
  })

  const bound = structureOf(document({ nodes: [{ id: 'restart', type: 'ssh-command', bind: {} }] }), types)

  it('counts the records of a bound node', () => {
    const runs = [
      run('restart', 'running'),
      run('restart[h1]', 'completed'),
      run('restart[h2]', 'failed'),
      run('restart[h3]', 'running'),
    ]
    const model = executionModel(bound, view(runs, { bound: { restart: 4 } }))
    expect(model.nodes[0]).toMatchObject({
      boundCount: 4,
      progress: { total: 4, done: 1, failed: 1, running: 1 },
    })
  })

  it('shows the newest attempt', () => {
    const runs = [
      run('restart[h1]', 'failed'),
      run('restart[h1]', 'completed', { attempt: 2 }),
      run('restart', 'completed'),
    ]
    const model = executionModel(bound, view(runs))
    expect(model.nodes[0]?.progress).toEqual({ total: 1, done: 1, failed: 0, running: 0 })
  })

  it('says that a person is needed while a record is stopped for a risk', () => {
    const runs = [run('restart', 'running'), run('restart[h1]', 'running'), run('restart[h2]', 'risky')]
    expect(statuses(executionModel(bound, view(runs)))).toEqual({ restart: 'risky' })
    const confirmed = [...runs, run('restart[h2]', 'running', { attempt: 2 })]
    expect(statuses(executionModel(bound, view(confirmed)))).toEqual({ restart: 'running' })
  })

  it('says when nothing was bound', () => {
    const model = executionModel(bound, view([run('restart', 'completed')], { bound: { restart: 0 } }))
    expect(model.nodes[0]?.status).toBe('nothing-bound')
  })

  const looped = structureOf(
    document({
      nodes: [
        { id: 'each', type: 'loop' },
        { id: 'work', type: 'set', parent: 'each' },
      ],
    }),
    types,
  )
  const iterations = [
    run('each', 'running'),
    run('each[0]/work', 'completed', { node: 'work' }),
    run('each[1]/work', 'failed', { node: 'work' }),
    run('each[2]/work', 'running', { node: 'work' }),
  ]

  it('opens a loop on its failing item', () => {
    const model = executionModel(looped, view(iterations))
    expect(model.nodes[0]?.pager).toEqual({ keys: ['0', '1', '2'], current: '1' })
    expect(model.nodes[1]).toMatchObject({ runId: 'each[1]/work', status: 'failed' })
  })

  it('opens a loop on the item that is stopped for a risk, and says so on its frame', () => {
    const risky = iterations.with(2, run('each[1]/work', 'risky', { node: 'work' }))
    const model = executionModel(looped, view(risky))
    expect(statuses(model)).toEqual({ each: 'risky', work: 'risky' })
    expect(model.nodes[0]?.pager?.current).toBe('1')
  })

  it('shows the item the reader paged to', () => {
    const model = executionModel(looped, view(iterations, { pages: { each: '0' } }))
    expect(model.nodes[1]).toMatchObject({ runId: 'each[0]/work', status: 'completed' })
  })

  it('looks into every branch of a parallel', () => {
    const structure = structureOf(
      document({
        nodes: [
          { id: 'both', type: 'parallel', config: { branches: ['left', 'right'] } },
          { id: 'a', type: 'set', parent: 'both', branch: 'left' },
          { id: 'b', type: 'set', parent: 'both', branch: 'right' },
        ],
      }),
      types,
    )
    const runs = [run('both', 'running'), run('both[left]/a', 'completed', { node: 'a' })]
    expect(statuses(executionModel(structure, view(runs)))).toMatchObject({
      a: 'completed',
      b: 'not-started',
    })
  })

  it('tells waits apart and marks what a person did', () => {
    const structure = structureOf(
      document({
        nodes: [
          { id: 'ask', type: 'set' },
          { id: 'done', type: 'set' },
        ],
      }),
      types,
    )
    const runs = [
      run('ask', 'waiting', { wait: { for: 'person' } }),
      run('done', 'completed', { manual: { act: 'completed', by: 'li' } }),
    ]
    expect(statuses(executionModel(structure, view(runs)))).toEqual({
      ask: 'waiting-person',
      done: 'by-hand',
    })
  })
})
