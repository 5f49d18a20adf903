import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../core/json.ts'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

const run = (config: JsonObject, scope: JsonObject = {}) =>
  nodeType.run(contextOf(nodeType, config, { scope }))

describe('switch', () => {
  const cases = [
    { name: 'full', when: 'used >= 97' },
    { name: 'filling', when: 'used >= 80' },
  ]

  it('takes the first case that holds', () => {
    expect(run({ cases }, { used: 99 })).toEqual({ type: 'done', output: 'full', port: 'full' })
    expect(run({ cases }, { used: 85 })).toEqual({ type: 'done', output: 'filling', port: 'filling' })
    expect(run({ cases }, { used: 10 })).toEqual({ type: 'done', output: 'else', port: 'else' })
  })

  it('does not look at later cases', () => {
    const broken = [
      { name: 'first', when: 'true' },
      { name: 'second', when: 'missing.field' },
    ]
    expect(run({ cases: broken })).toMatchObject({ port: 'first' })
  })

  it('compares a value of any type', () => {
    const config = {
      value: '{{ inputs.v }}',
      cases: [
        { name: 'one', equals: 1 },
        { name: 'text', equals: '{{ inputs.wanted }}' },
        { name: 'list', equals: [1, { a: null }] },
        { name: 'nothing', equals: null },
        { name: 'odd', when: 'type(value) == "number" && value % 2 == 1' },
      ],
    }
    const portOf = (v: JsonObject[string]) => run(config, { inputs: { v, wanted: 'x' } })
    expect(portOf(1)).toMatchObject({ port: 'one' })
    expect(portOf('x')).toMatchObject({ port: 'text' })
    expect(portOf([1, { a: null }])).toMatchObject({ port: 'list' })
    expect(portOf(null)).toMatchObject({ port: 'nothing' })
    expect(portOf(3)).toMatchObject({ port: 'odd' })
    expect(portOf('1')).toMatchObject({ port: 'else' })
  })

  it('wants true or false', () => {
    expect(run({ cases: [{ name: 'a', when: '"yes"' }] })).toMatchObject({
      type: 'fail',
      kind: 'failed',
      code: 'not-boolean',
      message: 'Case a gave "yes", not true or false',
    })
  })

  it('has a strict config', () => {
    expect(acceptsConfig(nodeType, { cases })).toBe(true)
    expect(acceptsConfig(nodeType, { cases: [] })).toBe(false)
    expect(acceptsConfig(nodeType, { cases: [{ name: 'a' }] })).toBe(false)
    expect(acceptsConfig(nodeType, { cases: [{ name: 'a', when: 'true', equals: 1 }] })).toBe(false)
    expect(acceptsConfig(nodeType, { cases: [{ name: 'else', when: 'true' }] })).toBe(false)
    expect(acceptsConfig(nodeType, { cases: [{ name: 'a/b', when: 'true' }] })).toBe(false)
  })
})
