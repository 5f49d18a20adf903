import { describe, expect, it } from 'vitest'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

describe('end', () => {
  it('completes by default', () => {
    expect(nodeType.run(contextOf(nodeType, {}))).toEqual({ type: 'done', end: { status: 'completed' } })
  })

  it('fails with a message', () => {
    const config = { status: 'failed', message: 'Too full: {{ used }} %' }
    expect(nodeType.run(contextOf(nodeType, config, { scope: { used: 98 } }))).toEqual({
      type: 'done',
      end: { status: 'failed', message: 'Too full: 98 %' },
    })
  })

  it('makes a text of any message', () => {
    expect(nodeType.run(contextOf(nodeType, { message: '{{ [1] }}' }))).toMatchObject({
      end: { message: '[1]' },
    })
    expect(nodeType.run(contextOf(nodeType, { message: '{{ null }}' }))).toEqual({
      type: 'done',
      end: { status: 'completed' },
    })
  })

  it('has a strict config', () => {
    expect(acceptsConfig(nodeType, { status: 'canceled' })).toBe(false)
    expect(acceptsConfig(nodeType, { text: '' })).toBe(false)
  })
})
