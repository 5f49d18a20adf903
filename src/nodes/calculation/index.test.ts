import { describe, expect, it } from 'vitest'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

const run = (expression: string, scope = {}) => nodeType.run(contextOf(nodeType, { expression }, { scope }))

describe('calculation', () => {
  it('outputs the value itself', () => {
    expect(run('7 / 2')).toEqual({ type: 'done', output: 3.5 })
    expect(run('a.map(x, x * 2)', { a: [1, 2] })).toEqual({ type: 'done', output: [2, 4] })
    expect(run('null')).toEqual({ type: 'done', output: null })
  })

  it('throws the error of the expression', () => {
    expect(() => run('b + 1')).toThrow("there is no variable 'b' here")
  })

  it('leaves data with holes alone', () => {
    expect(run('a', { a: '{{ b }}' })).toEqual({ type: 'done', output: '{{ b }}' })
  })

  it('has a strict config', () => {
    expect(acceptsConfig(nodeType, { expression: '' })).toBe(false)
    expect(acceptsConfig(nodeType, {})).toBe(false)
  })
})
