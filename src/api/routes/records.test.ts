import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApi, type TestApi } from '../../../tests/helpers/api.ts'
import { setRowPermission } from '../../access/row-permissions.ts'
import {
  createCollection,
  deleteCollection,
  getCollection,
  listCollections,
} from '../contract/collections.ts'
import { createRecord, deleteRecord, getRecord, listRecords, updateRecord } from '../contract/records.ts'

let api: TestApi
beforeAll(async () => {
  api = await openApi()
})
afterAll(() => api.close())

describe('collections', () => {
  it('are created with fields and relations, seen from both sides, and deleted', async () => {
    const client = api.as('designer')
    const body = {
      key: 'rack',
      title: { en: 'Rack', zh: '机架' },
      label: 'name',
      fields: [{ key: 'name', type: 'text' as const, required: true }],
      relations: [{ name: 'spare', kind: 'many-to-one' as const, to: 'host', inverse: 'racks' }],
    }
    expect(await client.call(createCollection, { body })).toMatchObject({
      key: 'rack',
      relations: [{ owner: true }],
    })
    const host = await client.call(getCollection, { params: { key: 'host' } })
    expect(host.relations).toContainEqual(
      expect.objectContaining({ name: 'racks', to: 'rack', owner: false }),
    )
    await expect(client.call(createCollection, { body })).rejects.toMatchObject({ code: 'already-exists' })
    await client.call(deleteCollection, { params: { key: 'rack' } })
    const keys = (await client.call(listCollections)).items.map(({ key }) => key)
    expect(keys).not.toContain('rack')
    await expect(client.call(deleteCollection, { params: { key: 'host' } })).rejects.toMatchObject({
      code: 'in-use',
    })
  })
})

describe('records', () => {
  const key = 'tag'

  it('are created, changed, read and deleted', async () => {
    const client = api.as('designer')
    const made = await client.call(createRecord, {
      params: { key },
      body: { values: { id: 't9', name: 'bronze' } },
    })
    expect(made).toMatchObject({ id: 't9', label: 'bronze', collection: 'tag', values: { name: 'bronze' } })
    const params = { key, id: 't9' }
    await client.call(updateRecord, { params, body: { values: { name: 'iron' } } })
    expect(await api.as('operator').call(getRecord, { params })).toMatchObject({ label: 'iron' })
    await client.call(deleteRecord, { params })
    await expect(client.call(getRecord, { params })).rejects.toMatchObject({ status: 404 })
  })

  it('are listed by page, words and filter', async () => {
    const client = api.as('operator')
    const ids = async (query: object) =>
      (await client.call(listRecords, { params: { key: 'app' }, query })).items.map(({ id }) => id).sort()
    expect(await ids({ where: "env = 'prod' and status = 'running'" })).toEqual(['a1', 'a4'])
    expect(await ids({ q: 'ledger' })).toEqual(['a4'])
    const first = await client.call(listRecords, { params: { key: 'app' }, query: { limit: 3 } })
    expect(first.items).toHaveLength(3)
    expect(await ids({ limit: 3, cursor: first.next })).toHaveLength(2)
  })

  it.each([
    ['a wrong type', { name: 7 }, 'invalid-record'],
    ['an unknown field', { name: 'x', colour: 'red' }, 'invalid-record'],
    ['nothing required', {}, 'invalid-record'],
    ['a bad id', { id: '../x', name: 'x' }, 'invalid-record'],
  ])('are refused with %s', async (_, values, code) => {
    const answer = await api.call('designer', 'POST /api/v1/collections/tag/records', { values })
    expect(answer).toMatchObject({ status: 400, body: { code, pointer: expect.any(String) } })
  })

  it('say where a filter is wrong', async () => {
    const where = encodeURIComponent("env = 'prod' and colour = 1")
    const answer = await api.call('operator', `GET /api/v1/collections/app/records?where=${where}`)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-path', span: [17, 23] } })
  })

  it('that one may not see are not there', async () => {
    await setRowPermission(api.pool, { role: 'operator', collection: 'app', rule: { filter: "env = 'uat'" } })
    const client = api.as('stranger')
    const { items } = await client.call(listRecords, { params: { key: 'app' } })
    expect(items.map(({ id }) => id)).toEqual(['a2'])
    await expect(client.call(getRecord, { params: { key: 'app', id: 'a1' } })).rejects.toMatchObject({
      status: 404,
    })
  })
})
