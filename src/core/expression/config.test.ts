import Type from 'typebox'
import { describe, expect, it } from 'vitest'
import { AppError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { checkConfig, configReferences } from './check.ts'
import { resolveConfig } from './config.ts'

const marked = (mark: string, more: object = {}) => Type.String({ 'x-text': mark, ...more })
const schema = Type.Object(
  {
    title: Type.Optional(Type.String()),
    command: Type.Optional(marked('shell')),
    statement: Type.Optional(marked('sql')),
    when: Type.Optional(marked('cel', { 'x-variables': ['value'] })),
    code: Type.Optional(marked('raw')),
    times: Type.Optional(Type.Union([Type.Number(), Type.String()])),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    cases: Type.Optional(Type.Array(Type.Object({ name: Type.String(), when: marked('cel') }))),
    pair: Type.Optional(Type.Tuple([marked('raw'), Type.String()])),
    either: Type.Optional(
      Type.Union([
        Type.Object({ kind: Type.Literal('shell'), text: marked('shell') }),
        Type.Object({ kind: Type.Literal('raw'), text: marked('raw') }),
      ]),
    ),
    tree: Type.Optional(
      Type.Cyclic(
        { Node: Type.Object({ text: marked('raw'), next: Type.Optional(Type.Ref('Node')) }) },
        'Node',
      ),
    ),
  },
  { additionalProperties: false },
)
const scope: JsonObject = { inputs: { name: "o'neil", n: 3, trick: '{{ inputs.n }}' }, nodes: {} }
const resolve = (config: JsonObject) => resolveConfig(schema, config, scope)

describe('resolveConfig', () => {
  it.each<[JsonObject, JsonObject]>([
    [{ title: 'Hi {{ inputs.name }}' }, { title: "Hi o'neil" }],
    [{ command: 'greet {{ inputs.name }}' }, { command: "greet 'o'\\''neil'" }],
    [{ command: 'greet all' }, { command: 'greet all' }],
    [{ statement: 'select {{ inputs.name }}' }, { statement: { text: 'select $1', values: ["o'neil"] } }],
    [{ statement: 'select 1' }, { statement: { text: 'select 1', values: [] } }],
    [{ when: 'inputs.n > 1' }, { when: 'inputs.n > 1' }],
    [{ code: 'return `{{ x }}`' }, { code: 'return `{{ x }}`' }],
    [{ times: '{{ inputs.n }}' }, { times: 3 }],
    [
      { headers: { 'x-name': '{{ inputs.name }}', plain: 'a' } },
      { headers: { 'x-name': "o'neil", plain: 'a' } },
    ],
    [{ cases: [{ name: '{{ inputs.n }}', when: '{{' }] }, { cases: [{ name: 3, when: '{{' }] }],
    [{ pair: ['{{ a }}', '{{ inputs.n }}'] }, { pair: ['{{ a }}', 3] }],
    [{ either: { kind: 'raw', text: '{{ a }}' } }, { either: { kind: 'raw', text: '{{ a }}' } }],
    [{ either: { kind: 'shell', text: '{{ inputs.n }}' } }, { either: { kind: 'shell', text: "'3'" } }],
    [{ tree: { text: '{{ a', next: { text: '{{ b' } } }, { tree: { text: '{{ a', next: { text: '{{ b' } } }],
    [{ unknown: ['{{ inputs.n }}'] }, { unknown: [3] }],
    [{ title: '{{ inputs.trick }}' }, { title: '{{ inputs.n }}' }],
  ])('%j', (config, expected) => {
    expect(resolve(config)).toEqual(expected)
    expect(resolve(config)).toEqual(expected)
  })

  it('hands a config without holes through', () => {
    const config = { title: 'plain', headers: { a: 'b' } }
    expect(resolve(config)).toBe(config)
    const partly = { title: '{{ inputs.n }}', headers: { a: 'b' } }
    expect(resolve(partly).headers).toBe(partly.headers)
  })

  it('sees each scope anew', () => {
    const config = { title: '{{ inputs.n }}' }
    expect(resolve(config)).toEqual({ title: 3 })
    expect(resolveConfig(schema, config, { inputs: { n: 4 } })).toEqual({ title: 4 })
  })

  it('says where an error is', () => {
    expect.assertions(3)
    try {
      resolve({ headers: { 'a/b': 'x {{ inputs.zz }}' } })
    } catch (error) {
      expect(error).toBeInstanceOf(AppError)
      expect((error as AppError).message).toBe("'inputs' has no field 'zz'")
      expect((error as AppError).details).toMatchObject({ pointer: '/headers/a~1b', span: [12, 14] })
    }
  })

  it('keys of hostile names stay plain keys', () => {
    const config = JSON.parse('{"headers": {"__proto__": "{{ inputs.n }}", "constructor": "{{ inputs.n }}"}}')
    const headers = resolve(config).headers as JsonObject
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype)
    expect(Object.entries(headers)).toEqual([
      ['__proto__', 3],
      ['constructor', 3],
    ])
  })
})

describe('checkConfig', () => {
  const variables = { roots: ['inputs', 'nodes', 'now'], nodes: ['first'] }

  it('finds nothing wrong where nothing is', () => {
    const config = {
      title: '{{ inputs.name }} {{ nodes.first.output.x }} {{ now }}',
      when: 'value == nodes.first.output && inputs.list.all(x, x > 1)',
      code: '{{ not a template',
    }
    expect(checkConfig(schema, config, variables)).toEqual([])
  })

  it('locates every problem', () => {
    const config = {
      title: 'a {{ inputs.name',
      when: 'input.x == 1 || nodes.second.status == ""',
      cases: [{ name: 'a', when: '1 +' }],
      command: 'echo `{{ now }}`',
      headers: { h: '{{ value }}' },
    }
    expect(checkConfig(schema, config, variables)).toEqual([
      problem('/title', 'a {{ is not closed by }}; write \\{{ for two braces', [2, 16]),
      problem('/when', "there is no variable 'input' here", [0, 7]),
      problem('/when', "there is no node 'second' to read from here", [16, 35]),
      problem('/cases/0/when', 'unexpected end of the expression', [3, 3]),
      problem('/command', expect.stringContaining('in backticks'), [8, 13]),
      problem('/headers/h', "there is no variable 'value' here", [3, 8]),
    ])
  })

  const problem = (pointer: string, message: string, span: [number, number]) => ({
    code: 'invalid-expression',
    pointer,
    message,
    span,
  })
})

describe('configReferences', () => {
  it('reads templates and CEL, passes over what does not parse', () => {
    const config = {
      title: '{{ nodes.a.output }} {{ inputs.x }}',
      when: 'nodes.b.status == value',
      command: '{{ 1 +',
    }
    expect(configReferences(schema, config)).toEqual([
      { root: 'nodes', path: ['a', 'output'] },
      { root: 'inputs', path: ['x'] },
      { root: 'nodes', path: ['b', 'status'] },
    ])
  })
})
