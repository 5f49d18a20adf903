import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../core/json.ts'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

const config: JsonObject = {
  question: 'Is {{ name }} ready?',
  options: [{ name: 'go', title: 'Take {{ name }}' }, { name: 'stop' }],
  assignees: ['anna', '{{ owners }}'],
  due: '2h',
}
const context = (over: JsonObject = {}) =>
  contextOf(nodeType, { ...config, ...over }, { scope: { name: 'web-1', owners: ['bob', 'role:ops'] } })

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

  it.each([[{ port: 'maybe' }], [{}], [null], ['go'], [{ port: ['go'] }]])(
    'refuses the answer %j',
    async (answer) => {
      expect(await nodeType.resume?.(context(), answer)).toMatchObject({
        type: 'fail',
        code: 'unknown-option',
      })
    },
  )
})
