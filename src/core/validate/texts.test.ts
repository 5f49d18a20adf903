// Rule 7: expressions, paths, bindings and calls name only what exists where they stand.
import { describe, expect, it } from 'vitest'
import { realContext, workflow } from '../../../tests/helpers/documents.ts'
import type { ValidateContext, WorkflowFacts } from './context.ts'
import { validateDocument } from './validate-document.ts'

const context = await realContext()

function found(document: unknown, extra: Partial<ValidateContext> = {}): string[] {
  const { problems } = validateDocument(document, { ...context, ...extra })
  return problems.map(({ code, pointer, span }) => `${code} ${pointer}${span ? ` [${span.join('-')}]` : ''}`)
}

const says = (id: string, text: string, extra: object = {}) => ({
  id,
  type: 'set',
  config: { values: { text } },
  ...extra,
})
const at = (index: number) => `/nodes/${index}/config/values/text`
const target = { collection: 'app' }
const loop = (id: string, extra: object = {}) => ({ id, type: 'loop', config: { times: 2 }, ...extra })
const par = { id: 'p', type: 'parallel', config: { branches: [{ name: 'left' }, { name: 'right' }] } }

describe('rule 7: expressions', () => {
  it.each([
    ['what does not parse', '{{ 1 + }}', 'invalid-expression'],
    ['a hole that is not closed', '{{ now', 'invalid-expression'],
    ['an unknown variable', '{{ nowhere.x }}', 'unknown-variable'],
    ['the target of a workflow without one', '{{ target.name }}', 'unknown-variable'],
    ['a record without binding', '{{ record.name }}', 'unknown-variable'],
    ['the item of no loop', '{{ item }}', 'unknown-variable'],
    ['an unknown node', '{{ nodes.x.output }}', 'unknown-node'],
    ['itself', '{{ nodes.a.output }}', 'not-before'],
    ['an input that is not declared', '{{ inputs.y }}', 'unknown-input'],
  ])('refuse %s', (_, text, code) => {
    const inputs = { type: 'object', properties: { x: { type: 'string' } } }
    expect(found(workflow({ inputs, nodes: [says('a', text)] }))[0]).toMatch(
      new RegExp(`^${code} ${at(0)} \\[`),
    )
  })

  it('point to the characters at fault', () => {
    expect(found(workflow({ nodes: [says('a', 'so: {{ inputs.a + nowhere.b }}')] }))).toEqual([
      `unknown-variable ${at(0)} [18-27]`,
    ])
  })

  it.each([
    '{{ execution.id }} {{ now }}',
    '{{ inputs.anything }}',
    '\\{{ x }}',
    '{{ [1, 2].map(n, n * 2) }}',
  ])('may say %s anywhere', (text) => expect(found(workflow({ nodes: [says('a', text)] }))).toEqual([]))

  it('may read what runs before, however far, but not what runs beside or after', () => {
    const nodes = [says('a', ''), says('b', ''), says('c', '{{ nodes.a.output }}'), says('d', '')]
    const edges = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
      { from: 'a', to: 'd' },
    ]
    expect(found(workflow({ nodes, edges }))).toEqual([])
    const beside = [...nodes.slice(0, 3), says('d', '{{ nodes.b.output }}{{ nodes.c.output }}')]
    expect(found(workflow({ nodes: beside, edges }))).toEqual([
      `not-before ${at(3)} [3-17]`,
      `not-before ${at(3)} [23-37]`,
    ])
  })

  it('may read from the bodies around, not from inside containers', () => {
    const nodes = [
      says('first', ''),
      loop('l'),
      says('a', '{{ nodes.first.output }}', { parent: 'l' }),
      says('b', '{{ nodes.a.output }}{{ item }}{{ index }}{{ loops.l.index }}', { parent: 'l' }),
      says('after', '{{ nodes.l.output }}{{ nodes.a.output }}'),
    ]
    const edges = [
      { from: 'first', to: 'l' },
      { from: 'a', to: 'b' },
      { from: 'l', to: 'after' },
    ]
    expect(found(workflow({ nodes, edges }))).toEqual([`not-visible ${at(4)} [23-37]`])
  })

  it('may not read the container around, nor the other branch', () => {
    const nodes = [
      par,
      says('a', '{{ branch }}', { parent: 'p', branch: 'left' }),
      says('b', '{{ nodes.a.output }}{{ nodes.p.output }}{{ index }}', { parent: 'p', branch: 'right' }),
    ]
    expect(found(workflow({ nodes }))).toEqual([
      `not-visible ${at(2)} [3-17]`,
      `not-before ${at(2)} [23-37]`,
      `unknown-variable ${at(2)} [43-48]`,
    ])
  })

  it('see the variables that a type adds, and the loops around by name', () => {
    const nodes = [
      { id: 'l', type: 'loop', config: { while: 'index < 3' } },
      says('a', '{{ loops.x.index }}', { parent: 'l' }),
      { id: 's', type: 'switch', config: { value: 1, cases: [{ name: 'one', when: 'value == 1' }] } },
    ]
    expect(found(workflow({ nodes }))).toEqual([`unknown-variable ${at(1)} [3-16]`])
  })

  it('know the fields of target and record', () => {
    const nodes = [
      says('a', '{{ target.env }}{{ target.host }}{{ target.wheels }}'),
      says('b', '{{ record.address }}{{ record.env }}', { bind: { path: 'host' } }),
      says('c', '{{ record.cpu }}{{ record.port }}', { bind: { mode: 'same-as', node: 'b' } }),
      { id: 'g', type: 'group', bind: { path: 'host' } },
      says('d', '{{ record.cpu }}{{ record.port }}', { parent: 'g' }),
    ]
    expect(found(workflow({ target, nodes }))).toEqual([
      `unknown-field ${at(0)} [36-49]`,
      `unknown-field ${at(1)} [23-33]`,
      `unknown-field ${at(2)} [19-30]`,
      `unknown-field ${at(4)} [19-30]`,
    ])
  })

  it('in the head: the target filter and the key of the limit', () => {
    const head = (filter: string, key: string) =>
      found(workflow({ target: { ...target, filter }, settings: { concurrency: { limit: 1, key } } }))
    expect(head("record.env == 'prod'", '{{ target.id }}-{{ inputs.x }}')).toEqual([])
    expect(head('record.wheels > 3 && target.env == 1', '{{ nodes.a }} {{')).toEqual([
      'unknown-field /target/filter [0-13]',
      'unknown-variable /target/filter [21-31]',
      'invalid-expression /settings/concurrency/key [14-16]',
    ])
  })

  it('are refused in shell commands where no quoting is safe', () => {
    const node = { id: 'a', type: 'ssh-command', config: { host: 'h', command: 'echo `{{ inputs.x }}`' } }
    expect(found(workflow({ nodes: [node] }))[0]).toMatch(/^invalid-expression \/nodes\/0\/config\/command/)
  })
})

describe('rule 7: bindings and paths', () => {
  const bound = (id: string, bind: object, extra: object = {}) => says(id, '', { bind, ...extra })
  it.each<[string, object[], string[]]>([
    [
      'a path that does not parse',
      [bound('a', { path: 'host[' })],
      ['invalid-path /nodes/0/bind/path [5-5]'],
    ],
    [
      'a relation that does not exist',
      [bound('a', { path: 'unit.wheels' })],
      ['invalid-path /nodes/0/bind/path [5-11]'],
    ],
    [
      'a filter on an unknown field',
      [bound('a', { path: 'host[wheels = 4]' })],
      ['invalid-path /nodes/0/bind/path [5-11]'],
    ],
    ['a path to a field', [bound('a', { path: 'host.address' })], ['invalid-binding /nodes/0/bind/path']],
    [
      'the same wrong path twice',
      [bound('a', { path: 'x' }), bound('b', { path: 'x' })],
      ['invalid-path /nodes/0/bind/path [0-1]', 'invalid-path /nodes/1/bind/path [0-1]'],
    ],
    ['a copy of nothing', [bound('a', { mode: 'same-as' })], ['invalid-binding /nodes/0/bind']],
    [
      'a copy of an unknown node',
      [bound('a', { mode: 'same-as', node: 'x' })],
      ['unknown-node /nodes/0/bind/node'],
    ],
    [
      'a copy of itself',
      [bound('a', { mode: 'same-as', node: 'a' })],
      ['invalid-binding /nodes/0/bind/node'],
    ],
    [
      'a copy of a node without binding',
      [says('b', ''), bound('a', { mode: 'same-as', node: 'b' })],
      ['invalid-binding /nodes/1/bind/node'],
    ],
    [
      'a copy of what is bound later',
      [bound('b', { path: 'host', mode: 'run' }), bound('a', { mode: 'same-as', node: 'b' })],
      ['not-before /nodes/1/bind/node'],
    ],
    [
      'copies in a circle',
      [bound('b', { mode: 'same-as', node: 'a' }), bound('a', { mode: 'same-as', node: 'b' })],
      ['not-before /nodes/0/bind/node', 'not-before /nodes/1/bind/node'],
    ],
  ])('refuse %s', (_, nodes, problems) => expect(found(workflow({ target, nodes }))).toEqual(problems))

  it('accept paths, the target itself, and copies of what is there before', () => {
    const nodes = [
      bound('a', { path: "unit.apps[status = 'running'].host" }),
      bound('b', { path: '' }),
      bound('c', { mode: 'same-as', node: 'a' }),
    ]
    expect(found(workflow({ target, nodes }))).toEqual([])
  })

  it('want a target, of a collection that exists', () => {
    expect(found(workflow({ nodes: [bound('a', { path: '' })] }))).toEqual(['no-target /nodes/0/bind'])
    expect(found(workflow({ target: { collection: 'ship' }, nodes: [bound('a', { path: 'x' })] }))).toEqual([
      'unknown-collection /target/collection',
    ])
  })

  it('are only parsed where the collections are not known', () => {
    const nodes = [bound('a', { path: 'anything.at.all' }), bound('b', { path: 'x y' })]
    const problems = found(workflow({ target: { collection: 'ship' }, nodes }), { collections: undefined })
    expect(problems).toEqual(['invalid-path /nodes/1/bind/path [2-3]'])
  })
})

describe('rule 7: calls', () => {
  const calls = (...names: string[]) =>
    workflow({
      key: 'top',
      nodes: names.map((name, n) => ({ id: `n${n}`, type: 'workflow', config: { workflow: name } })),
    })
  const facts = (list: Record<string, string[]>) =>
    new Map(
      Object.entries(list).map(([key, others]) => [
        key,
        { kind: 'sub', published: 1, calls: others } satisfies WorkflowFacts,
      ]),
    )

  it('refuse a workflow that calls itself, at once or by way of others', () => {
    expect(found(calls('top'))).toEqual(['recursion /nodes/0/config/workflow'])
    const workflows = facts({ a: ['b', 'c'], b: ['a'], c: ['top'], d: [] })
    expect(found(calls('a', 'd'), { workflows })).toEqual(['recursion /nodes/0/config/workflow'])
    expect(validateDocument(calls('a'), { ...context, workflows }).problems[0]?.message).toBe(
      'top → a → c → top: a workflow may not call itself',
    )
  })

  it('are not kept up by circles elsewhere', () => {
    expect(found(calls('a'), { workflows: facts({ a: ['b'], b: ['a'] }) })).toEqual([])
  })

  it('refuse workflows that do not exist or are not published', () => {
    const workflows = new Map<string, WorkflowFacts>([['a', { kind: 'sub', calls: [] }]])
    expect(found(calls('a', 'b', '{{ inputs.which }}'), { workflows })).toEqual([
      'unknown-workflow /nodes/0/config/workflow',
      'unknown-workflow /nodes/1/config/workflow',
    ])
  })
})
