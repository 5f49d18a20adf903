import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../core/json.ts'
import type { RecordValue } from '../../sdk/node-type.ts'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

const host: RecordValue = { id: '7', label: 'web-1', collection: 'host', name: 'web-1' }
const run = (config: JsonObject, record?: RecordValue) =>
  nodeType.run(
    contextOf(
      nodeType,
      { workflow: 'check-host', ...config },
      { scope: { target: host }, ...(record ? { record } : {}) },
    ),
  )
const child = (more: JsonObject) => ({
  type: 'wait',
  for: 'child',
  child: { workflow: 'check-host', ...more },
})

describe('workflow', () => {
  it('starts a child', () => {
    expect(run({})).toEqual(child({}))
    expect(run({ version: 2, inputs: { name: '{{ target.name }}', n: 1 } })).toEqual(
      child({ version: 2, inputs: { name: 'web-1', n: 1 } }),
    )
    expect(run({ wait: false })).toEqual(child({ detached: true }))
  })

  it('gives it a target', () => {
    const target = { collection: 'host', id: '7' }
    expect(run({}, host)).toEqual(child({ target }))
    expect(run({ target: '{{ target }}' })).toEqual(child({ target }))
    expect(run({ target: { collection: 'host', id: '{{ target.id }}' } })).toEqual(child({ target }))
    expect(run({ target: '{{ 9 }}' }, host)).toEqual(child({ target: { collection: 'host', id: '9' } }))
    expect(run({ target: '{{ null }}' }, host)).toEqual(child({}))
  })

  it.each([['{{ "7" }}'], ['{{ [1] }}'], ['{{ {"id": 1} }}']])('refuses the target %s', (target) => {
    expect(run({ target })).toMatchObject({ type: 'fail', kind: 'failed', code: 'invalid-target' })
  })

  const resume = (input: JsonObject, config: JsonObject = {}) =>
    nodeType.resume?.(contextOf(nodeType, { workflow: 'check-host', ...config }), input)

  it('goes on with the output of the child', async () => {
    const end = { id: 'x1', status: 'completed', output: { ok: true }, error: null }
    expect(await resume(end)).toEqual({ type: 'done', output: { ok: true } })
    expect(await resume({ id: 'x1', status: 'completed' })).toEqual({ type: 'done', output: null })
    expect(await resume({ id: 'x1', status: 'running' }, { wait: false })).toEqual({
      type: 'done',
      output: { id: 'x1' },
    })
  })

  it.each([
    ['failed', 'failed'],
    ['error', 'error'],
    ['rejected', 'rejected'],
    ['canceled', 'error'],
  ])('a child that ended %s is a failure of kind %s', async (status, kind) => {
    const error = { kind, code: 'exit-code', message: 'Exit code 1' }
    expect(await resume({ id: 'x1', status, error })).toEqual({
      type: 'fail',
      kind,
      code: `child-${status}`,
      message: `Workflow check-host ended ${status}: Exit code 1`,
      details: { execution: 'x1', status, error },
    })
  })

  it('has a strict config', () => {
    expect(acceptsConfig(nodeType, {})).toBe(false)
    expect(acceptsConfig(nodeType, { workflow: 'a', target: 'plain' })).toBe(false)
    expect(acceptsConfig(nodeType, { workflow: 'a', target: { collection: 'host' } })).toBe(false)
    expect(acceptsConfig(nodeType, { workflow: 'a', version: 0 })).toBe(false)
  })
})
