// Rule 7: what validation refuses, each with its code and a pointer to the spot.
import { describe, expect, it } from 'vitest'
import { collections, realContext, workflow } from '../../../tests/helpers/documents.ts'
import type { JsonObject } from '../json.ts'
import type { ValidateContext } from './context.ts'
import { validateDocument } from './validate-document.ts'

const context = await realContext()

/** `code pointer` of every problem, `span` in brackets where there is one. */
function found(document: unknown, extra: Partial<ValidateContext> = {}): string[] {
  const { problems } = validateDocument(document, { ...context, ...extra })
  return problems.map(({ code, pointer, span }) => `${code} ${pointer}${span ? ` [${span.join('-')}]` : ''}`)
}

const set = (id: string, extra: object = {}) => ({ id, type: 'set', config: { values: {} }, ...extra })
const says = (id: string, text: string, extra: object = {}) =>
  set(id, { config: { values: { text } }, ...extra })

describe('rule 7: a sound document', () => {
  it('has no problems, and is given back', () => {
    const document = workflow({
      nodes: [set('a'), says('b', '{{ nodes.a.output }}')],
      edges: [{ from: 'a', to: 'b' }],
    })
    expect(validateDocument(document, context)).toEqual({ document, problems: [] })
  })

  it('may be empty', () => expect(found(workflow({}))).toEqual([]))

  it('may use a type that only the JSON of the API describes', () => {
    const nodeTypes = new Map(
      [...context.nodeTypes].map(([type, facts]) => [type, JSON.parse(JSON.stringify(facts))]),
    )
    const document = workflow({ nodes: [set('a'), { id: 'd', type: 'delay', config: { for: '5 m' } }] })
    expect(found(document, { nodeTypes })).toEqual(['invalid-config /nodes/1/config/for'])
  })
})

describe('rule 7: shape', () => {
  it.each<[string, unknown, string[]]>([
    ['no document at all', null, ['invalid-document ']],
    ['a list', [], ['invalid-document ']],
    ['missing fields', { format: 'fermata/1', key: 'k', nodes: [], edges: [] }, ['invalid-document /title']],
    ['another format', workflow({ format: 'fermata/2' }), ['invalid-document /format']],
    ['surplus fields', workflow({ notes: [] }), ['invalid-document /notes']],
    [
      'a wrong type deep inside',
      workflow({ nodes: [set('a', { policy: { retry: { attempts: 'x' } } })] }),
      ['invalid-document /nodes/0/policy/retry/attempts'],
    ],
    [
      'a wrong duration',
      workflow({ nodes: [set('a', { policy: { timeout: '5 minutes' } })] }),
      ['invalid-document /nodes/0/policy/timeout'],
    ],
    [
      'a duration beyond reason',
      workflow({ settings: { timeout: '99999999d' } }),
      ['invalid-document /settings/timeout'],
    ],
    ['a wrong id', workflow({ nodes: [set('A b')] }), ['invalid-document /nodes/0/id']],
    ['an id every object has', workflow({ nodes: [set('constructor')] }), ['invalid-document /nodes/0/id']],
    [
      'a surplus field of an edge',
      workflow({ edges: [{ from: 'a', to: 'b', label: 'x' }] }),
      ['invalid-document /edges/0/label'],
    ],
    [
      'what is no JSON',
      workflow({ inputs: { type: 'object', maximum: Number.NaN } }),
      ['invalid-document /inputs/maximum'],
    ],
    ['text that cannot be stored', workflow({ title: 'a\0b' }), ['invalid-document /title']],
    [
      'the name __proto__',
      workflow({ inputs: JSON.parse('{"type":"object","__proto__":{}}') }),
      ['invalid-document /inputs'],
    ],
  ])('refuses %s', (_, document, problems) => expect(found(document)).toEqual(problems))

  it('tells in plain words', () => {
    const messages = validateDocument(
      workflow({ nodes: [{ id: 'X', type: 1, policy: { timeout: 'soon', x: 1 } }] }),
      context,
    ).problems.map(({ message }) => message)
    expect(messages).toEqual([
      'expected a name of letters, digits, - and _ that starts with a small letter',
      'expected a text',
      'x is not known here',
      'expected a duration such as 30s, 5m or 2h or a number',
    ])
  })

  it('refuses what is too large or too deep before looking at it', () => {
    const many = Array.from({ length: 2001 }, () => null)
    expect(found(workflow({ nodes: many }))).toEqual(['too-large /nodes'])
    expect(found(workflow({ edges: Array.from({ length: 10_001 }, () => null) }))).toEqual([
      'too-large /edges',
    ])
    let deep: unknown = 1
    for (let level = 0; level < 100_000; level++) deep = { a: deep }
    expect(found(workflow({ nodes: [set('a', { config: deep })] }))[0]).toMatch(
      /^too-deep \/nodes\/0\/config\/a/,
    )
    const wide = Array.from({ length: 500_001 }, () => 0)
    expect(found(workflow({ inputs: { wide } }))).toEqual(['too-large /inputs/wide'])
  })

  it('does not list more problems than anybody reads', () => {
    const edges = Array.from({ length: 5000 }, (_, n) => ({ from: `x${n}`, to: `y${n}` }))
    expect(found(workflow({ edges }))).toHaveLength(200)
  })
})

describe('rule 7: graph', () => {
  const two = [set('a'), set('b')]
  it.each<[string, JsonObject | object, string[]]>([
    ['duplicate ids', { nodes: [...two, set('a')] }, ['duplicate-id /nodes/2/id']],
    [
      'dangling edges',
      {
        nodes: two,
        edges: [
          { from: 'a', to: 'x' },
          { from: 'y', to: 'b' },
        ],
      },
      ['unknown-node /edges/0/to', 'unknown-node /edges/1/from'],
    ],
    ['an edge to itself', { nodes: two, edges: [{ from: 'a', to: 'a' }] }, ['self-edge /edges/0']],
    [
      'the same edge twice',
      {
        nodes: two,
        edges: [
          { from: 'a', to: 'b' },
          { from: 'a', to: 'b', port: 'out' },
        ],
      },
      ['duplicate-edge /edges/1'],
    ],
    [
      'a cycle',
      {
        nodes: [...two, set('c')],
        edges: [
          { from: 'a', to: 'b' },
          { from: 'b', to: 'c' },
          { from: 'c', to: 'a' },
        ],
      },
      ['cycle /edges/2'],
    ],
    [
      'each of two cycles',
      {
        nodes: [...two, set('c'), set('d'), set('e')],
        edges: [
          { from: 'a', to: 'b' },
          { from: 'b', to: 'a' },
          { from: 'b', to: 'c' },
          { from: 'd', to: 'e' },
          { from: 'e', to: 'd' },
        ],
      },
      ['cycle /edges/1', 'cycle /edges/4'],
    ],
    ['an unknown type', { nodes: [{ id: 'a', type: 'teleport' }] }, ['unknown-type /nodes/0/type']],
    [
      'an unknown port',
      { nodes: two, edges: [{ from: 'a', to: 'b', port: 'done' }] },
      ['unknown-port /edges/0/port', 'unreachable /nodes/1'],
    ],
    [
      'the port error without its policy',
      {
        nodes: [...two, set('c')],
        edges: [
          { from: 'a', to: 'b' },
          { from: 'a', to: 'c', port: 'error' },
        ],
      },
      ['unknown-port /edges/1/port', 'unreachable /nodes/2'],
    ],
    [
      'what follows an end',
      {
        nodes: [{ id: 'e', type: 'end' }, set('b'), set('c')],
        edges: [
          { from: 'e', to: 'b' },
          { from: 'b', to: 'c' },
        ],
      },
      ['unknown-port /edges/0', 'unreachable /nodes/1', 'unreachable /nodes/2'],
    ],
    [
      'a layout of unknown nodes',
      { nodes: two, layout: { a: [0, 0], 'x/y': [1, 1] } },
      ['unknown-node /layout/x~1y'],
    ],
  ])('refuses %s', (_, parts, problems) => expect(found(workflow(parts))).toEqual(problems))

  it('takes ports from the config', () => {
    const cases = [
      { name: 'big', when: 'true' },
      { name: 'small', when: 'true' },
    ]
    const nodes = [{ id: 's', type: 'switch', config: { cases } }, set('b')]
    const edge = (port?: string) => ({ nodes, edges: [{ from: 's', to: 'b', ...(port ? { port } : {}) }] })
    expect(found(workflow(edge('big')))).toEqual([])
    expect(found(workflow(edge('else')))).toEqual([])
    expect(found(workflow(edge('huge')))).toEqual(['unknown-port /edges/0/port', 'unreachable /nodes/1'])
    expect(found(workflow(edge()))).toEqual(['unknown-port /edges/0', 'unreachable /nodes/1'])
    const twice = [...cases, { name: 'big', when: 'false' }]
    expect(found(workflow({ nodes: [{ id: 's', type: 'switch', config: { cases: twice } }] }))).toEqual([
      'duplicate-name /nodes/0/config/cases/2/name',
    ])
  })

  it('knows the port error where the policy says branch, and none but out of bound nodes', () => {
    const branch = set('a', { policy: { onError: 'branch' } })
    expect(
      found(workflow({ nodes: [branch, set('b')], edges: [{ from: 'a', to: 'b', port: 'error' }] })),
    ).toEqual([])
    const bound = { id: 'a', type: 'condition', config: { when: 'true' }, bind: { path: '' } }
    const nodes = [bound, set('b')]
    const document = workflow({
      target: { collection: 'app' },
      nodes,
      edges: [{ from: 'a', to: 'b', port: 'yes' }],
    })
    expect(found(document)).toEqual(['unknown-port /edges/0/port', 'unreachable /nodes/1'])
  })
})

describe('rule 7: containers', () => {
  const par = { id: 'p', type: 'parallel', config: { branches: [{ name: 'left' }, { name: 'right' }] } }
  const loop = { id: 'l', type: 'loop', config: { times: 3 } }
  it.each<[string, object, string[]]>([
    ['an unknown parent', { nodes: [set('a', { parent: 'x' })] }, ['unknown-parent /nodes/0/parent']],
    [
      'a parent that contains nothing',
      { nodes: [set('a'), set('b', { parent: 'a' })] },
      ['unknown-parent /nodes/1/parent'],
    ],
    [
      'a branch without parent',
      { nodes: [set('a', { branch: 'left' })] },
      ['unknown-branch /nodes/0/branch'],
    ],
    [
      'a branch of a loop',
      { nodes: [loop, set('a', { parent: 'l', branch: 'left' })] },
      ['unknown-branch /nodes/1/branch'],
    ],
    [
      'an unknown branch',
      { nodes: [par, set('a', { parent: 'p', branch: 'middle' })] },
      ['unknown-branch /nodes/1/branch'],
    ],
    ['no branch in a parallel', { nodes: [par, set('a', { parent: 'p' })] }, ['missing-branch /nodes/1']],
    [
      'two branches of one name',
      { nodes: [{ ...par, config: { branches: [{ name: 'x' }, { name: 'x' }] } }] },
      ['duplicate-name /nodes/0/config/branches/1/name'],
    ],
    ['a container in itself', { nodes: [{ ...loop, parent: 'l' }] }, ['nesting-cycle /nodes/0/parent']],
    [
      'containers in a circle',
      { nodes: [{ ...loop, parent: 'm' }, { ...loop, id: 'm', parent: 'l' }, set('a', { parent: 'l' })] },
      ['nesting-cycle /nodes/0/parent'],
    ],
    [
      'an edge into a container',
      { nodes: [loop, set('a', { parent: 'l' }), set('b')], edges: [{ from: 'b', to: 'a' }] },
      ['crossing-edge /edges/0'],
    ],
    [
      'an edge from a container to its body',
      { nodes: [loop, set('a', { parent: 'l' })], edges: [{ from: 'l', to: 'a' }] },
      ['crossing-edge /edges/0'],
    ],
    [
      'an edge across branches',
      {
        nodes: [par, set('a', { parent: 'p', branch: 'left' }), set('b', { parent: 'p', branch: 'right' })],
        edges: [{ from: 'a', to: 'b' }],
      },
      ['crossing-edge /edges/0'],
    ],
  ])('refuses %s', (_, parts, problems) => expect(found(workflow(parts))).toEqual(problems))

  it('refuses containers nested too deep', () => {
    const nodes = Array.from({ length: 40 }, (_, n) => ({
      id: `l${n}`,
      type: 'group',
      ...(n ? { parent: `l${n - 1}` } : {}),
    }))
    expect(found(workflow({ nodes }))).toEqual(['too-deep /nodes/33/parent'])
    expect(found(workflow({ nodes: nodes.slice(0, 33) }))).toEqual([])
  })
})

describe('rule 7: config', () => {
  it.each<[string, object, string[]]>([
    ['missing fields', { type: 'http-request' }, ['invalid-config /nodes/0/config/url']],
    ['surplus fields', { type: 'set', config: { values: {}, to: 1 } }, ['invalid-config /nodes/0/config/to']],
    [
      'a wrong choice',
      { type: 'end', config: { status: 'fine' } },
      ['invalid-config /nodes/0/config/status'],
    ],
    ['neither of two', { type: 'delay', config: {} }, ['invalid-config /nodes/0/config']],
    [
      'both of two',
      { type: 'delay', config: { for: '1s', until: '2030-01-01' } },
      ['invalid-config /nodes/0/config'],
    ],
    [
      'a field of no form',
      { type: 'http-request', config: { url: 'x', body: { json: 1, extra: 1 } } },
      ['invalid-config /nodes/0/config/body/extra'],
    ],
    [
      'a template where the type wants a number',
      { type: 'loop', config: { times: 2, concurrency: '{{ inputs.n }}' } },
      ['invalid-config /nodes/0/config/concurrency'],
    ],
    [
      'a collection that does not exist',
      { type: 'record-query', config: { collection: 'ship' } },
      ['unknown-collection /nodes/0/config/collection'],
    ],
  ])('refuses %s', (_, node, problems) => {
    expect(found(workflow({ nodes: [{ id: 'a', ...node }] }))).toEqual(problems)
  })

  it.each([
    { type: 'delay', config: { for: '{{ inputs.pause }}s' } },
    { type: 'loop', config: { times: '{{ inputs.n }}' } },
    { type: 'loop', config: { over: '{{ inputs.list }}' } },
    { type: 'record-query', config: { collection: '{{ inputs.kind }}' } },
  ])('accepts the template %o', (node) => {
    expect(found(workflow({ nodes: [{ id: 'a', ...node }] }))).toEqual([])
  })

  it('says of unions what they want, once', () => {
    const messageOf = (config: object) =>
      validateDocument(workflow({ nodes: [{ id: 'a', type: 'delay', config }] }), context).problems[0]
        ?.message
    expect(messageOf({})).toBe('expected for or until')
    expect(messageOf({ for: true })).toBe('expected a text or a number')
    expect(messageOf({ for: 'x' })).toBe(
      'expected a duration such as 30s, 5m or 2h or a number or a template {{ … }}',
    )
    expect(messageOf({ for: '1s', until: 'x' })).toBe('fits more than one form; only one is allowed')
  })

  it('refuses types that wait where the caller waits for the end', () => {
    const document = workflow({ nodes: [set('a'), { id: 'd', type: 'delay', config: { for: '1s' } }] })
    expect(found(document, { synchronous: true })).toEqual(['waits-in-synchronous /nodes/1/type'])
    expect(found(document)).toEqual([])
  })
})

describe('where effects run', () => {
  const request = { id: 'a', type: 'http-request', config: { url: 'http://example.com/' } }
  const effect = (runOn: string) => ({ ...request, policy: { runOn } })

  it.each(['zone-a', 'dmz.eu-1', 'anywhere', '7'])('takes the tag %s', (tag) => {
    expect(found(workflow({ settings: { runOn: tag }, nodes: [effect(tag)] }))).toEqual([])
  })

  it.each(['', 'Zone', 'a b', '-a', 'x'.repeat(64)])('refuses the tag "%s"', (tag) => {
    expect(found(workflow({ nodes: [effect(tag)] }))).toEqual([
      expect.stringMatching(/^invalid-document .*runOn$/),
    ])
  })

  it('refuses it on what has no effect, but not on a container', () => {
    const policy = { runOn: 'zone-a' }
    expect(found(workflow({ nodes: [{ ...set('a'), policy }] }))).toEqual([
      'without-effect /nodes/0/policy/runOn',
    ])
    const nodes = [
      { id: 'g', type: 'group', policy },
      { ...set('a'), parent: 'g' },
    ]
    expect(found(workflow({ nodes }))).toEqual([])
  })
})

describe('asking for risks', () => {
  const policy = { risk: 'ask' }
  const command = { id: 'a', type: 'ssh-command', config: { command: 'uptime' } }

  it('is for node types that can tell them', () => {
    expect(found(workflow({ nodes: [{ ...command, policy }] }))).toEqual([])
    expect(found(workflow({ nodes: [{ ...set('a'), policy }] }))).toEqual([
      'without-effect /nodes/0/policy/risk',
    ])
  })

  it('has no other word', () => {
    expect(found(workflow({ nodes: [{ ...command, policy: { risk: 'yes' } }] }))).toEqual([
      expect.stringMatching(/^invalid-document .*risk$/),
    ])
  })
})

describe('rule 7: inputs', () => {
  it.each<[string, object, string[]]>([
    ['another type', { type: 'array' }, ['invalid-inputs /inputs/type']],
    ['no type', {}, ['invalid-inputs /inputs/type']],
    [
      'an unknown type inside',
      { type: 'object', properties: { a: { type: 'text' } } },
      ['invalid-inputs /inputs/properties/a/type'],
    ],
    ['properties that are a list', { type: 'object', properties: [] }, ['invalid-inputs /inputs/properties']],
    ['required that is no list', { type: 'object', required: 'a' }, ['invalid-inputs /inputs/required']],
    [
      'a broken pattern',
      { type: 'object', properties: { a: { type: 'string', pattern: '(' } } },
      ['invalid-inputs /inputs/properties/a/pattern'],
    ],
    [
      'a default that does not fit',
      { type: 'object', properties: { a: { type: 'integer', default: 'x' } } },
      ['invalid-inputs /inputs/properties/a/default'],
    ],
    [
      'a limit that is no number',
      { type: 'object', properties: { a: { items: { maxLength: -1 } } } },
      ['invalid-inputs /inputs/properties/a/items/maxLength'],
    ],
  ])('refuses %s', (_, inputs, problems) => expect(found(workflow({ inputs }))).toEqual(problems))
})

it('knows the collections of the tests', () => expect(Object.keys(collections)).toContain('app'))
