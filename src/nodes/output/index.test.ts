import { describe, expect, it } from 'vitest'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

describe('output', () => {
  it('publishes its value', () => {
    const scope = { target: { name: 'web-1' } }
    expect(nodeType.run(contextOf(nodeType, { value: { host: '{{ target.name }}' } }, { scope }))).toEqual({
      type: 'done',
      output: { host: 'web-1' },
      publish: true,
    })
    expect(nodeType.run(contextOf(nodeType, { value: '{{ 1 + 1 }}' }))).toMatchObject({ output: 2 })
    expect(nodeType.run(contextOf(nodeType, { value: null }))).toMatchObject({ output: null, publish: true })
  })

  it('wants a value', () => {
    expect(acceptsConfig(nodeType, {})).toBe(false)
  })
})
