import { describe, expect, it } from 'vitest'
import { AppError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { RunContext } from '../../sdk/node-type.ts'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

const calls: Parameters<RunContext['sql']>[] = []
const prepare = (
  config: JsonObject,
  end: Awaited<ReturnType<RunContext['sql']>> | Error = { rows: [], rowCount: 0 },
) =>
  contextOf(nodeType, config, {
    scope: { inputs: { env: `prod' or '1'='1`, ids: [1, 2] } },
    async sql(...call) {
      calls.push(call)
      if (end instanceof Error) throw end
      return end
    },
  })

describe('sql', () => {
  it('passes values as parameters, read-only', async () => {
    const sql = 'select * from host where env = {{ inputs.env }} and id = any({{ inputs.ids }})'
    const ctx = prepare({ sql }, { rows: [{ a: 1 }], rowCount: 1 })
    expect(await nodeType.run(ctx)).toEqual({ type: 'done', output: { rows: [{ a: 1 }], rowCount: 1 } })
    expect(calls.at(-1)).toEqual([
      { text: 'select * from host where env = $1 and id = any($2)', values: [`prod' or '1'='1`, [1, 2]] },
      { readOnly: true },
    ])
  })

  it('passes its options on', async () => {
    await nodeType.run(prepare({ sql: 'delete from x', connection: 'dwh', readOnly: false, maxRows: 5 }))
    expect(calls.at(-1)?.[1]).toEqual({ connection: 'dwh', readOnly: false, maxRows: 5 })
  })

  it('says when there were more rows', async () => {
    const ctx = prepare({ sql: 'select 1' }, { rows: [{ a: 1 }], rowCount: 1, truncated: true })
    expect(await nodeType.run(ctx)).toMatchObject({ output: { truncated: true } })
    expect(ctx.lines).toEqual(['Only the first 1 rows were kept'])
  })

  it('fails with state and position of the database', async () => {
    const cause = Object.assign(new Error('x'), { code: '42703', position: '8' })
    const error = new AppError('sql-failed', 'column "nme" does not exist', { cause })
    expect(await nodeType.run(prepare({ sql: 'select nme' }, error))).toEqual({
      type: 'fail',
      kind: 'failed',
      code: 'sql-failed',
      message: 'column "nme" does not exist',
      details: { sqlstate: '42703', position: 8 },
    })
  })

  it.each(['57P01', 'ECONNRESET', 'EPIPE', '40P01', undefined])(
    'a connection that breaks (%s) is an error, to be retried like others',
    async (code) => {
      const cause = Object.assign(new Error('gone'), code === undefined ? {} : { code })
      const error = new AppError('sql-failed', 'gone', { cause })
      expect(await nodeType.run(prepare({ sql: 'select 1' }, error))).toMatchObject({ kind: 'error' })
    },
  )

  it('tells an unknown connection and a database without its role apart', async () => {
    const missing = new AppError('not-found', 'There is no connection dwh')
    expect(await nodeType.run(prepare({ sql: 'select 1' }, missing))).toMatchObject({
      kind: 'failed',
      code: 'not-found',
    })
    const noRole = new AppError('unavailable', 'no role')
    expect(await nodeType.run(prepare({ sql: 'select 1' }, noRole))).toMatchObject({
      kind: 'error',
      code: 'unavailable',
    })
    await expect(nodeType.run(prepare({ sql: 'select 1' }, new Error('bug')))).rejects.toThrow('bug')
  })

  it('has a strict config and says what it would do', () => {
    const accepts = (config: JsonObject) => acceptsConfig(nodeType as never, config)
    expect(accepts({ sql: 'select 1', readOnly: true })).toBe(true)
    expect(accepts({ sql: '' })).toBe(false)
    expect(accepts({ sql: 'select 1', database: 'x' })).toBe(false)
    expect(nodeType.plan?.(prepare({ sql: 'select {{ inputs.env }}' }))).toEqual([
      'SQL (read only): select $1',
    ])
  })
})
