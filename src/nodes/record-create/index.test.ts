import { describe, expect, it } from 'vitest'
import { AppError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Records, RecordValue } from '../../sdk/node-type.ts'
import { acceptsConfig, contextOf, fakeContext } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

function prepare(config: JsonObject, error?: Error) {
  const create: Records['create'] = async (collection, values) => {
    if (error) throw error
    return { ...values, id: 'new', label: 'New', collection } as RecordValue
  }
  const records = { ...fakeContext({}).records, create }
  return contextOf(nodeType, config, { records, scope: { inputs: { name: 'alpha', cores: 4 } } })
}

const config = {
  collection: 'host',
  values: { name: '{{ inputs.name }}', cores: '{{ inputs.cores }}', tags: ['x'] },
}

describe('record-create', () => {
  it('creates the record and answers it', async () => {
    expect(await nodeType.run(prepare(config))).toEqual({
      type: 'done',
      output: { id: 'new', label: 'New', collection: 'host', name: 'alpha', cores: 4, tags: ['x'] },
    })
  })

  it('fails with every field that does not fit', async () => {
    const problems = [{ code: 'type', message: 'is not a number', pointer: '/cores' }]
    const error = new AppError('invalid-record', 'The record does not fit', { problems })
    expect(await nodeType.run(prepare(config, error))).toEqual({
      type: 'fail',
      kind: 'failed',
      code: 'invalid-record',
      message: 'The record does not fit',
      details: { problems: [{ message: 'is not a number', pointer: '/cores' }] },
    })
  })

  it('does not hide a bug', async () => {
    await expect(nodeType.run(prepare(config, new Error('bug')))).rejects.toThrow('bug')
  })

  it('has a strict config and says what it would do', () => {
    expect(acceptsConfig(nodeType as never, { collection: 'host', values: {} })).toBe(true)
    expect(acceptsConfig(nodeType as never, { collection: 'host' })).toBe(false)
    expect(acceptsConfig(nodeType as never, { ...config, upsert: true })).toBe(false)
    expect(nodeType.plan?.(prepare(config))).toEqual(['create a record in host'])
  })
})
