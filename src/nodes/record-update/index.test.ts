import { describe, expect, it } from 'vitest'
import { AppError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Records, RecordValue } from '../../sdk/node-type.ts'
import { acceptsConfig, contextOf, fakeContext, type Overrides } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

const update: Records['update'] = async (collection, id, values) => {
  if (id === 'gone') throw new AppError('not-found', 'There is no record gone')
  return { ...values, id, label: id, collection } as RecordValue
}
const record = { id: 'h1', label: 'h1', collection: 'host' } as RecordValue

function prepare(config: JsonObject, given: Overrides<never> = {}) {
  const records = { ...fakeContext({}).records, update }
  return contextOf(nodeType, { values: { a: 1 }, ...config }, { records, ...given } as object)
}
const run = (config: JsonObject, given: Overrides<never> = {}) =>
  Promise.resolve(nodeType.run(prepare(config, given)))

describe('record-update', () => {
  it('changes the record that is named', async () => {
    const scope = { inputs: { id: 'h7' } }
    const outcome = await run(
      { collection: 'host', id: '{{ inputs.id }}', values: { a: '{{ inputs.id }}' } },
      { scope },
    )
    expect(outcome).toEqual({ type: 'done', output: { a: 'h7', id: 'h7', label: 'h7', collection: 'host' } })
  })

  it('else the bound record, else the target', async () => {
    const scope = { target: { id: 't1', label: 't1', collection: 'unit' } }
    expect(await run({}, { record, scope })).toMatchObject({ output: { id: 'h1', collection: 'host' } })
    expect(await run({}, { scope })).toMatchObject({ output: { id: 't1', collection: 'unit' } })
    expect(await run({ id: 'h9' }, { record })).toMatchObject({ output: { id: 'h9', collection: 'host' } })
  })

  it.each([
    [{}, { target: null }],
    [{}, {}],
    [{ id: 'h1' }, {}],
    [{ collection: 'host', id: '{{ inputs.id }}' }, { inputs: { id: '' } }],
    [{ collection: 'host', id: '{{ inputs.id }}' }, { inputs: { id: null } }],
  ])('fails without a record: %j %j', async (config, scope) => {
    expect(await run(config, { scope } as Overrides<never>)).toMatchObject({
      kind: 'failed',
      code: 'bad-request',
    })
  })

  it('fails when the record is gone', async () => {
    expect(await run({ collection: 'host', id: 'gone' })).toMatchObject({ kind: 'failed', code: 'not-found' })
  })

  it('has a strict config and says what it would do', () => {
    expect(acceptsConfig(nodeType as never, { values: { a: 1 } })).toBe(true)
    expect(acceptsConfig(nodeType as never, {})).toBe(false)
    expect(acceptsConfig(nodeType as never, { values: {}, where: 'x' })).toBe(false)
    expect(nodeType.plan?.(prepare({ values: { a: 1, b: 2 } }, { record }))).toEqual(['set a, b of host h1'])
  })
})
