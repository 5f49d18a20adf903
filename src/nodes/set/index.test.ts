import { describe, expect, it } from 'vitest'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

describe('set', () => {
  it('outputs its values, each with its type', () => {
    const config = {
      values: { text: 'n is {{ n }}', list: '{{ [n, n + 1] }}', deep: { a: ['{{ n }}', true] } },
    }
    expect(nodeType.run(contextOf(nodeType, config, { scope: { n: 1 } }))).toEqual({
      type: 'done',
      output: { text: 'n is 1', list: [1, 2], deep: { a: [1, true] } },
    })
  })

  it('has a strict config', () => {
    expect(acceptsConfig(nodeType, { values: {} })).toBe(true)
    expect(acceptsConfig(nodeType, {})).toBe(false)
    expect(acceptsConfig(nodeType, { values: [] })).toBe(false)
  })
})
