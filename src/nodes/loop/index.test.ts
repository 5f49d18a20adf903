import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../core/json.ts'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

const context = (config: JsonObject, scope: JsonObject = {}) => contextOf(nodeType, config, { scope })
const run = (config: JsonObject, scope?: JsonObject) => nodeType.run(context(config, scope))

describe('loop', () => {
  it('goes over a list', () => {
    expect(run({ over: '{{ inputs.hosts }}' }, { inputs: { hosts: ['a', 'b'] } })).toEqual({
      type: 'each',
      items: ['a', 'b'],
    })
    expect(run({ over: [1, '{{ x }}'] }, { x: { y: 2 } })).toEqual({ type: 'each', items: [1, { y: 2 }] })
    expect(run({ over: '{{ [] }}' })).toEqual({ type: 'each', items: [] })
  })

  it('goes over the entries of a map', () => {
    expect(run({ over: '{{ x }}' }, { x: { a: 1 } })).toEqual({
      type: 'each',
      items: [{ key: 'a', value: 1 }],
    })
  })

  it('counts', () => {
    expect(run({ times: 3 })).toEqual({ type: 'each', count: 3 })
    expect(run({ times: '{{ inputs.n }}' }, { inputs: { n: 0 } })).toEqual({ type: 'each', count: 0 })
  })

  it('asks before each round of a while-loop', async () => {
    const config = { while: 'index < 2 && vars.on' }
    const scope = { vars: { on: true } }
    expect(run(config, scope)).toEqual({ type: 'each', more: true })
    expect(await nodeType.resume?.(context(config, scope), 1)).toEqual({ type: 'each', more: true })
    expect(await nodeType.resume?.(context(config, scope), { index: 2 })).toEqual({
      type: 'each',
      more: false,
    })
    expect(run(config, { vars: { on: false } })).toEqual({ type: 'each', more: false })
  })

  it.each([
    [{ over: '{{ 5 }}' }, 'not-a-list'],
    [{ over: 'a {{ 5 }}' }, 'not-a-list'],
    [{ times: '{{ 1.5 }}' }, 'not-a-count'],
    [{ times: '{{ -1 }}' }, 'not-a-count'],
    [{ times: '{{ "3" }}' }, 'not-a-count'],
    [{ while: '1' }, 'not-boolean'],
  ])('%j fails', (config, code) => {
    expect(run(config)).toMatchObject({ type: 'fail', kind: 'failed', code })
  })

  it('has exactly one of the three', () => {
    expect(acceptsConfig(nodeType, { over: '{{ x }}', concurrency: 1000, onItemFailure: 'break' })).toBe(true)
    expect(acceptsConfig(nodeType, {})).toBe(false)
    expect(acceptsConfig(nodeType, { over: '{{ x }}', times: 1 })).toBe(false)
    expect(acceptsConfig(nodeType, { over: 'no hole' })).toBe(false)
    expect(acceptsConfig(nodeType, { times: 1, concurrency: 0 })).toBe(false)
    expect(acceptsConfig(nodeType, { times: 1, concurrency: 1001 })).toBe(false)
    expect(acceptsConfig(nodeType, { times: -1 })).toBe(false)
  })
})
