import { describe, expect, it } from 'vitest'
import { AppError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { RecordValue } from '../../sdk/node-type.ts'
import { acceptsConfig, contextOf, fakeContext, type Overrides } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

const record = { id: 'h1', label: 'h1', collection: 'host' } as RecordValue

function prepare(config: JsonObject, given: Overrides<never> = {}) {
  const removed: string[] = []
  const remove = async (collection: string, id: string) => {
    if (id === 'gone') throw new AppError('not-found', 'There is no record gone')
    if (id === 'used') throw new AppError('in-use', 'Others need it')
    removed.push(`${collection}/${id}`)
  }
  const records = { ...fakeContext({}).records, remove }
  return { ctx: contextOf(nodeType, config, { records, ...given } as object), removed }
}
const run = (config: JsonObject) => Promise.resolve(nodeType.run(prepare(config).ctx))

describe('record-delete', () => {
  it('deletes the record that is named, or the bound one', async () => {
    const { ctx, removed } = prepare({ collection: 'host', id: 'h7' }, { record })
    expect(await nodeType.run(ctx)).toEqual({
      type: 'done',
      output: { collection: 'host', id: 'h7', deleted: true },
    })
    const bound = prepare({}, { record })
    await nodeType.run(bound.ctx)
    expect([...removed, ...bound.removed]).toEqual(['host/h7', 'host/h1'])
  })

  it('fails on a missing record unless told otherwise', async () => {
    expect(await run({ collection: 'host', id: 'gone' })).toMatchObject({ kind: 'failed', code: 'not-found' })
    expect(await run({ collection: 'host', id: 'gone', missing: 'ignore' })).toMatchObject({
      output: { deleted: false },
    })
  })

  it('fails on a record that is needed, whatever it is told about missing ones', async () => {
    const outcome = await run({ collection: 'host', id: 'used', missing: 'ignore' })
    expect(outcome).toMatchObject({ kind: 'failed', code: 'in-use' })
  })

  it('has a strict config and says what it would do', () => {
    expect(acceptsConfig(nodeType as never, {})).toBe(true)
    expect(acceptsConfig(nodeType as never, { missing: 'retry' })).toBe(false)
    expect(acceptsConfig(nodeType as never, { where: 'x' })).toBe(false)
    expect(nodeType.plan?.(prepare({}, { record }).ctx)).toEqual(['delete host h1'])
  })
})
