import { describe, expect, it } from 'vitest'
import { AppError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Records, RecordValue } from '../../sdk/node-type.ts'
import { acceptsConfig, contextOf, fakeContext } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

const hosts = ['h1', 'h2'].map((id) => ({ id, label: id, collection: 'host' }) as RecordValue)

function prepare(config: JsonObject, found: RecordValue[] | Error = hosts) {
  const queries: Parameters<Records['query']>[] = []
  const query: Records['query'] = async (...call) => {
    queries.push(call)
    if (found instanceof Error) throw found
    return found.slice(0, call[1].limit)
  }
  const records = { ...fakeContext({}).records, query }
  const scope = { inputs: { env: "prod' or env != '", ids: [] } }
  return { ctx: contextOf(nodeType, { collection: 'host', ...config }, { records, scope }), queries }
}

describe('record-query', () => {
  it('answers a list, at most 20', async () => {
    const { ctx, queries } = prepare({})
    expect(await nodeType.run(ctx)).toEqual({ type: 'done', output: hosts })
    expect(queries).toEqual([['host', { limit: 20 }]])
  })

  it('keeps values in the filter values', async () => {
    const { ctx, queries } = prepare({
      where: 'env = {{ inputs.env }} and id in {{ inputs.ids }}',
      sort: '-cores',
      limit: 5,
      offset: 10,
    })
    await nodeType.run(ctx)
    const where = "env = 'prod'' or env != ''' and id is null"
    expect(queries).toEqual([['host', { where, sort: '-cores', limit: 5, offset: 10 }]])
  })

  it('answers one record or null when asked for one', async () => {
    const one = prepare({ single: true, limit: 50 })
    expect(await nodeType.run(one.ctx)).toEqual({ type: 'done', output: hosts[0] })
    expect(one.queries[0]?.[1].limit).toBe(1)
    expect(await nodeType.run(prepare({ single: true }, []).ctx)).toEqual({ type: 'done', output: null })
  })

  it('fails on nothing only when told to', async () => {
    expect(await nodeType.run(prepare({}, []).ctx)).toEqual({ type: 'done', output: [] })
    expect(await nodeType.run(prepare({ failOnEmpty: true }, []).ctx)).toMatchObject({
      kind: 'failed',
      code: 'nothing-found',
    })
  })

  it('fails with what is wrong with the filter', async () => {
    const { ctx } = prepare({ where: 'x ==' }, new AppError('invalid-path', 'Equality is written ='))
    expect(await nodeType.run(ctx)).toMatchObject({ kind: 'failed', code: 'invalid-path' })
  })

  it('has a strict config', () => {
    const accepts = (config: JsonObject) => acceptsConfig(nodeType as never, config)
    expect(accepts({ collection: 'host', where: "a = 'b'" })).toBe(true)
    expect(accepts({})).toBe(false)
    expect(accepts({ collection: 'host', limit: 0 })).toBe(false)
    expect(accepts({ collection: 'host', filter: 'x' })).toBe(false)
  })
})
