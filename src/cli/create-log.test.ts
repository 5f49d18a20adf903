import { describe, expect, it } from 'vitest'
import { createLog } from './create-log.ts'

function linesOf(format: 'json' | 'text', level: 'warn' | 'info' = 'info') {
  const written: string[] = []
  const log = createLog({ level, format }, { write: (line) => void written.push(line) })
  return { log, written }
}

describe('createLog', () => {
  it('writes what is asked for, one JSON object per line', () => {
    const { log, written } = linesOf('json', 'warn')
    log.info({ execution: '1' }, 'Not this')
    log.child({ process: '7@ab' }).warn({ execution: '2' }, 'This')
    expect(written).toHaveLength(1)
    expect(written[0]).toMatch(/^\{.*\}\n$/)
    const line = JSON.parse(written[0] as string)
    expect(line).toMatchObject({ level: 'warn', msg: 'This', execution: '2', process: '7@ab' })
    expect(new Date(line.time).toISOString()).toBe(line.time)
  })

  it('keeps what errors carry beside their message out', () => {
    const { log, written } = linesOf('json')
    const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (name)=(alice)' })
    log.error({ err: Object.assign(new Error('not saved', { cause }), { values: ['alice'] }) }, 'Failed')
    const { err } = JSON.parse(written[0] as string)
    expect(err).toMatchObject({ message: 'not saved', cause: { message: 'duplicate key', code: '23505' } })
    expect(written[0]).not.toContain('alice')
  })

  it('writes for people', () => {
    const { log, written } = linesOf('text')
    log.info({ execution: '2', by: 'a person' }, 'Execution started')
    expect(written[0]).toMatch(/^\d{4}-\S+Z info {2}Execution started {2}execution=2 {2}by="a person"\n$/)
    log.error({ err: new Error('broken') }, 'Failed')
    expect(written[1]).toMatch(/error Failed\n {4}Error: broken\n {4} {4}at /)
  })
})
