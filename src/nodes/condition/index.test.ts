import { describe, expect, it } from 'vitest'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

const run = (config: { when: string; otherwise?: string }, scope = {}) =>
  nodeType.run(contextOf(nodeType, config, { scope }))

describe('condition', () => {
  const when = 'nodes.restart.output.exitCode == 0'
  const scope = (exitCode: number) => ({ nodes: { restart: { output: { exitCode } } } })

  it('takes yes and the default port when it holds', () => {
    expect(run({ when }, scope(0))).toEqual({ type: 'done', output: true, port: ['yes', 'out'] })
  })

  it('takes no when it does not', () => {
    expect(run({ when }, scope(1))).toEqual({ type: 'done', output: false, port: ['no'] })
  })

  it('fails when told so', () => {
    expect(run({ when, otherwise: 'fail' }, scope(1))).toMatchObject({
      type: 'fail',
      kind: 'failed',
      code: 'condition-not-met',
    })
    expect(run({ when, otherwise: 'fail' }, scope(0))).toMatchObject({ type: 'done' })
  })

  it('wants true or false', () => {
    expect(run({ when: '1 + 1' })).toEqual({
      type: 'fail',
      kind: 'failed',
      code: 'not-boolean',
      message: 'The condition gave 2, not true or false',
    })
  })

  it('throws the error of the expression', () => {
    expect(() => run({ when: 'inputs.missing' }, { inputs: {} })).toThrow("'inputs' has no field 'missing'")
  })

  it('has a strict config', () => {
    expect(acceptsConfig(nodeType, { when: 'true' })).toBe(true)
    expect(acceptsConfig(nodeType, {})).toBe(false)
    expect(acceptsConfig(nodeType, { when: 'true', otherwise: 'maybe' })).toBe(false)
    expect(acceptsConfig(nodeType, { when: 'true', extra: 1 })).toBe(false)
  })
})
