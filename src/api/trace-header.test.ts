import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApi, type TestApi } from '../../tests/helpers/api.ts'
import { chain, publish } from '../../tests/helpers/engine.ts'

let api: TestApi

beforeAll(async () => {
  api = await openApi()
  await publish(api.pool, chain('any', []))
})
afterAll(() => api.close())

describe('POST /api/v1/executions', () => {
  it.each([
    [
      '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    ],
    ['00-nonsense', null],
    [undefined, null],
  ])('with the traceparent %s keeps %s with the execution', async (traceparent, kept) => {
    const answer = await api.app.inject({
      method: 'POST',
      url: '/api/v1/executions',
      headers: { authorization: `Bearer ${api.tokens.admin}`, ...(traceparent ? { traceparent } : {}) },
      payload: { workflow: 'any' },
    })
    expect(answer.statusCode).toBe(201)
    const rows = await api.pool.query('select trace from fermata.executions where id = $1', [
      answer.json().id,
    ])
    expect(rows).toEqual([{ trace: kept }])
  })
})
