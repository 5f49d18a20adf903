import { describe, expect, it } from 'vitest'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

const config = {
  title: 'Restart {{ target.service }}?',
  description: '{{ why }}',
  assignees: ['role:approver'],
  due: 60,
}
const context = () => contextOf(nodeType, config, { scope: { target: { service: 'nginx' }, why: 'slow' } })
const resume = (answer: Parameters<NonNullable<typeof nodeType.resume>>[1]) =>
  nodeType.resume?.(context(), answer)

describe('approval', () => {
  it('asks a person', () => {
    expect(nodeType.run(context())).toEqual({
      type: 'wait',
      for: 'person',
      task: {
        kind: 'approval',
        title: 'Restart nginx?',
        description: 'slow',
        assignees: ['role:approver'],
        dueAfterMs: 60_000,
        options: ['approve', 'reject'],
      },
    })
  })

  it('goes on when approved', async () => {
    expect(await resume({ port: 'approve' })).toEqual({ type: 'done', output: { approved: true } })
    expect(await resume({ port: 'approve', comment: 'ok' })).toEqual({
      type: 'done',
      output: { approved: true, comment: 'ok' },
    })
  })

  it('fails as rejected', async () => {
    expect(await resume({ port: 'reject', comment: 'Not now' })).toEqual({
      type: 'fail',
      kind: 'rejected',
      code: 'rejected',
      message: 'Not now',
      details: { comment: 'Not now' },
    })
    expect(await resume({ port: 'reject' })).toMatchObject({ kind: 'rejected', message: 'Rejected' })
  })

  it.each([[{ port: 'maybe' }], [{}], [null]])('refuses the answer %j', async (answer) => {
    expect(await resume(answer)).toMatchObject({ type: 'fail', kind: 'error', code: 'unknown-answer' })
  })

  it('has a strict config', () => {
    expect(acceptsConfig(nodeType, config)).toBe(true)
    expect(acceptsConfig(nodeType, { assignees: [] })).toBe(false)
    expect(acceptsConfig(nodeType, { ...config, options: [] })).toBe(false)
  })
})
