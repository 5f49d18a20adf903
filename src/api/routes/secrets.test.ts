// Secrets and known hosts over the API: written, listed, forgotten; never read, always audited.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApi, type TestApi } from '../../../tests/helpers/api.ts'
import { listAudit } from '../../access/audit.ts'
import { knownHostsFor } from '../../access/vault/known-hosts.ts'

let api: TestApi
beforeAll(async () => {
  api = await openApi()
})
afterAll(() => api.close())

const actions = async () => (await listAudit(api.pool)).map(({ action, object }) => `${action} ${object}`)

describe('secrets', () => {
  const value = 'correct horse battery staple'

  it('are set and replaced, and nothing that is answered or kept holds their value', async () => {
    const set = await api.call('admin', 'PUT /api/v1/secrets/smtp', { value, description: 'mail' })
    expect(set).toMatchObject({ status: 200, body: {} })
    expect((await api.call('admin', 'PUT /api/v1/secrets/smtp', { value: `${value}2` })).status).toBe(200)
    const list = await api.call('admin', 'GET /api/v1/secrets')
    expect(list.body.items).toMatchObject([{ name: 'smtp', description: 'mail', changedBy: 'admin' }])
    const [row] = await api.pool.query<{ all: string }>(
      `select (select json_agg(s)::text from fermata.secrets s) || (select json_agg(a)::text from fermata.audit a) as all`,
    )
    for (const text of [set.text, list.text, row?.all]) expect(text).not.toContain(value)
    expect(await actions()).toContain('secret.set secret:smtp')
  })

  it('are refused with a bad name, without a value, and to those who may not manage connections', async () => {
    const put = (actor: 'admin' | 'operator', name: string, body: object) =>
      api.call(actor, `PUT /api/v1/secrets/${name}`, body)
    expect(await put('admin', 'No%20Name', { value })).toMatchObject({
      status: 400,
      body: { pointer: '/name' },
    })
    expect(await put('admin', 'x', { value: '' })).toMatchObject({ status: 400, body: { pointer: '/value' } })
    expect(await put('admin', 'x', { value: 'x'.repeat(70_000) })).toMatchObject({ status: 400 })
    expect(await put('operator', 'x', { value })).toMatchObject({ status: 403 })
  })

  it('go away', async () => {
    expect((await api.call('admin', 'DELETE /api/v1/secrets/smtp')).status).toBe(200)
    expect((await api.call('admin', 'DELETE /api/v1/secrets/smtp')).status).toBe(404)
    expect((await api.call('admin', 'GET /api/v1/secrets')).body.items).toEqual([])
    expect(await actions()).toContain('secret.delete secret:smtp')
  })
})

describe('known hosts', () => {
  it('are listed, and forgotten so that another key may come', async () => {
    const hosts = knownHostsFor(api.pool, 'execution:7')
    await hosts.remember('pay-01.example.com', 22, 'SHA256:old')
    await expect(hosts.remember('pay-01.example.com', 22, 'SHA256:new')).rejects.toMatchObject({
      code: 'conflict',
    })
    expect((await api.call('admin', 'GET /api/v1/known-hosts')).body.items).toMatchObject([
      { host: 'pay-01.example.com', port: 22, fingerprint: 'SHA256:old', addedBy: 'execution:7' },
    ])
    const forget = () => api.call('admin', 'DELETE /api/v1/known-hosts/pay-01.example.com/22')
    expect((await forget()).status).toBe(200)
    expect((await forget()).status).toBe(404)
    await hosts.remember('pay-01.example.com', 22, 'SHA256:new')
    expect(await actions()).toContain('known-host.forget known-host:pay-01.example.com:22')
  })

  it('are no business of operators', async () => {
    expect((await api.call('operator', 'DELETE /api/v1/known-hosts/x/22')).status).toBe(403)
  })
})
