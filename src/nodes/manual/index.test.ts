import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../core/json.ts'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

const context = (config: JsonObject) => contextOf(nodeType, config, { scope: { n: 4, team: 'shop' } })

describe('manual', () => {
  it('gives a person a form', () => {
    const form = { type: 'object', properties: { cpus: { type: 'integer', default: '{{ n }}' } } }
    expect(nodeType.run(context({ title: 'A host for {{ team }}', description: 'Soon', form }))).toEqual({
      type: 'wait',
      for: 'person',
      task: {
        kind: 'manual',
        title: 'A host for shop',
        description: 'Soon',
        assignees: [],
        form: { type: 'object', properties: { cpus: { type: 'integer', default: 4 } } },
      },
    })
  })

  it('needs no form', () => {
    expect(nodeType.run(context({ title: '{{ n }}', assignees: ['role:ops'] }))).toEqual({
      type: 'wait',
      for: 'person',
      task: { kind: 'manual', title: '4', assignees: ['role:ops'] },
    })
  })

  it('outputs the answer', async () => {
    expect(await nodeType.resume?.(context({ title: 'x' }), { cpus: 2 })).toEqual({
      type: 'done',
      output: { cpus: 2 },
    })
  })

  it('has a strict config', () => {
    expect(acceptsConfig(nodeType, {})).toBe(false)
    expect(acceptsConfig(nodeType, { title: 'x', assignees: 'anna' })).toBe(false)
    expect(acceptsConfig(nodeType, { title: 'x', question: 'y' })).toBe(false)
  })
})
