import { describe, expect, it } from 'vitest'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

describe('parallel', () => {
  it('runs its body once per branch', () => {
    const config = { mode: 'any', branches: [{ name: 'left', title: 'To the left' }, { name: 'right' }] }
    expect(nodeType.run(contextOf(nodeType, config))).toEqual({ type: 'each', items: ['left', 'right'] })
  })

  it('has a strict config', () => {
    const branches = [{ name: 'left' }]
    expect(acceptsConfig(nodeType, { branches })).toBe(true)
    expect(acceptsConfig(nodeType, { branches, mode: 'some' })).toBe(false)
    expect(acceptsConfig(nodeType, { branches: [] })).toBe(false)
    expect(acceptsConfig(nodeType, { branches: [{ name: '{{ x }}' }] })).toBe(false)
    expect(acceptsConfig(nodeType, { branches: ['left'] })).toBe(false)
  })
})
