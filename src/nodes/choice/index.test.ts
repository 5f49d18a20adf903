import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../core/json.ts'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

const config: JsonObject = {
  question: 'Is {{ name }} ready?',
  options: [{ name: 'go', title: 'Take {{ name }}' }, { name: 'stop' }],
  assignees: ['anna', '{{ owners }}'],
  due: '2h',
}
const context = () => contextOf(nodeType, config, { scope: { name: 'web-1', owners: ['bob', 'role:ops'] } })

describe('choice', () => {
  it('asks a person', () => {
    expect(nodeType.run(context())).toEqual({
      type: 'wait',
      for: 'person',
      task: {
        kind: 'choice',
        title: 'Is web-1 ready?',
        assignees: ['anna', 'bob', 'role:ops'],
        dueAfterMs: 7_200_000,
        options: ['go', 'stop'],
      },
    })
  })

  it('takes the port chosen', async () => {
    expect(await nodeType.resume?.(context(), { port: 'stop', comment: 'not yet' })).toEqual({
      type: 'done',
      output: { choice: 'stop', comment: 'not yet' },
      port: 'stop',
    })
    expect(await nodeType.resume?.(context(), { port: 'go' })).toEqual({
      type: 'done',
      output: { choice: 'go' },
      port: 'go',
    })
  })

  it.each<[Json]>([[{ port: 'maybe' }], [{}], [null], ['go'], [{ port: ['go'] }]])(
    'refuses the answer %j',
    async (answer) => {
      expect(await nodeType.resume?.(context(), answer)).toMatchObject({
        type: 'fail',
        code: 'unknown-option',
      })
    },
  )

  it('has a strict config', () => {
    expect(acceptsConfig(nodeType, config)).toBe(true)
    expect(acceptsConfig(nodeType, { question: 'x', options: [] })).toBe(false)
    expect(acceptsConfig(nodeType, { question: 'x', options: [{ name: 'error' }] })).toBe(false)
    expect(acceptsConfig(nodeType, { question: '', options: [{ name: 'a' }] })).toBe(false)
    expect(acceptsConfig(nodeType, { ...config, due: 'soon' })).toBe(false)
  })
})
