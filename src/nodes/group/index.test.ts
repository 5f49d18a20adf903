import { describe, expect, it } from 'vitest'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

describe('group', () => {
  it('runs its body once', () => {
    expect(nodeType.run(contextOf(nodeType, {}))).toEqual({ type: 'each', count: 1 })
  })

  it('has no config', () => {
    expect(acceptsConfig(nodeType, {})).toBe(true)
    expect(acceptsConfig(nodeType, { mode: 'all' })).toBe(false)
  })
})
