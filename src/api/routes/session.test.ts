import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openApi, type TestApi } from '../../../tests/helpers/api.ts'
import { createSignInLink } from '../../access/sign-in/sign-in-links.ts'
import { createUser, findUserByName } from '../../access/users.ts'
import { getMe } from '../contract/session.ts'
import { createToken, listTokens, revokeToken } from '../contract/tokens.ts'
import {
  changeUser,
  createRole,
  createUser as createUserRoute,
  grantRole,
  listRoles,
  listUsers,
} from '../contract/users.ts'

let api: TestApi
beforeAll(async () => {
  api = await openApi()
  await createUser(api.pool, { name: 'ann', password: 'correct horse', roles: ['designer'] })
})
afterAll(() => api.close())
beforeEach(() => api.pool.run('delete from fermata.sign_in_attempts'))

const own = { origin: 'http://localhost:80', host: 'localhost:80' }

async function signIn(password: string, headers: object = {}) {
  return api.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: { ...own, ...headers },
    payload: { username: 'ann', password },
  })
}
const sidOf = (answer: { cookies: { name: string; value: string }[] }) =>
  answer.cookies.find(({ name }) => name === 'fermata_sid')?.value ?? ''
const me = (sid: string) =>
  api.app.inject({ method: 'GET', url: '/api/v1/session', cookies: { fermata_sid: sid } })

describe('signing in', () => {
  it('by password sets a cookie that scripts cannot read, and signing out ends it', async () => {
    const answer = await signIn('correct horse')
    expect(answer.json()).toMatchObject({ name: 'ann', roles: ['designer'] })
    expect(answer.json().permissions).toContain('workflow.create')
    expect(answer.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
    const sid = sidOf(answer)
    expect((await me(sid)).statusCode).toBe(200)
    const out = await api.app.inject({
      method: 'DELETE',
      url: '/api/v1/session',
      headers: own,
      cookies: { fermata_sid: sid },
    })
    expect(out.statusCode).toBe(200)
    expect((await me(sid)).statusCode).toBe(401)
  })

  it('refuses a wrong password, and slows down guessing', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 8; n++) statuses.push((await signIn('wrong')).statusCode)
    expect(statuses[0]).toBe(401)
    expect(statuses.at(-1)).toBe(429)
  })

  it('replaces the session the browser had', async () => {
    const before = sidOf(await signIn('correct horse'))
    const after = sidOf(await signIn('correct horse', { cookie: `fermata_sid=${before}` }))
    expect(after).not.toBe(before)
    expect((await me(before)).statusCode).toBe(401)
    expect((await me(after)).statusCode).toBe(200)
  })

  it('by link works once', async () => {
    const user = await findUserByName(api.pool, 'ann')
    const link = await createSignInLink(api.pool, user?.id as string)
    const url = `/sign-in?link=${link}`
    expect((await api.app.inject({ method: 'HEAD', url })).statusCode).toBe(404)
    const first = await api.app.inject({ method: 'GET', url })
    expect([first.statusCode, first.headers.location]).toEqual([302, '/'])
    expect((await me(sidOf(first))).json()).toMatchObject({ name: 'ann' })
    const second = await api.app.inject({ method: 'GET', url })
    expect([second.headers.location, sidOf(second)]).toEqual(['/?problem=link-expired', ''])
  })

  it('remembers the language', async () => {
    const headers = { authorization: `Bearer ${api.tokens.operator}` }
    await api.app.inject({ method: 'PATCH', url: '/api/v1/session', headers, payload: { language: 'zh' } })
    expect(await api.as('operator').call(getMe)).toMatchObject({ language: 'zh' })
  })
})

describe('requests from other sites', () => {
  const send = (sid: string, headers: Record<string, string>, payload = '{"language":"ru"}') =>
    api.app.inject({
      method: 'PATCH',
      url: '/api/v1/session',
      headers: { host: 'localhost:80', 'content-type': 'application/json', ...headers },
      cookies: { fermata_sid: sid },
      payload,
    })

  it.each([
    ['a foreign origin', { origin: 'http://evil.example' }],
    ['the null origin', { origin: 'null' }],
    ['another port', { origin: 'http://localhost:81' }],
    ['a foreign page', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling page', { 'sec-fetch-site': 'same-site' }],
    ['nowhere', {}],
    ['a form', { origin: 'http://localhost:80', 'content-type': 'application/x-www-form-urlencoded' }],
    ['plain text', { origin: 'http://localhost:80', 'content-type': 'text/plain' }],
  ])('are refused: %s', async (_, headers) => {
    const sid = sidOf(await signIn('correct horse'))
    const answer = await send(sid, headers as never)
    expect(answer.statusCode).toBe(403)
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('of our own pages are served', async () => {
    const sid = sidOf(await signIn('correct horse'))
    expect((await send(sid, { origin: 'http://localhost:80' })).statusCode).toBe(200)
    expect((await send(sid, { 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200)
  })

  it('cannot sign anybody in', async () => {
    expect((await signIn('correct horse', { origin: 'http://evil.example' })).statusCode).toBe(403)
  })
})

describe('tokens', () => {
  it('work until they are revoked, and are shown once', async () => {
    const client = api.as('operator')
    const { id, secret } = await client.call(createToken, { body: { name: 'ci' } })
    const headers = { authorization: `Bearer ${secret}` }
    const status = async () => (await api.app.inject({ url: '/api/v1/session', headers })).statusCode
    expect(await status()).toBe(200)
    expect(JSON.stringify(await client.call(listTokens))).not.toContain(secret)
    await expect(api.as('stranger').call(revokeToken, { params: { id } })).rejects.toMatchObject({
      status: 404,
    })
    await client.call(revokeToken, { params: { id } })
    expect(await status()).toBe(401)
  })

  it('cut down to some permissions cannot make wider ones', async () => {
    const scopes = ['token.own', 'workflow.list']
    const { secret } = await api.as('admin').call(createToken, { body: { name: 'narrow', scopes } })
    const send = (payload: object) =>
      api.app.inject({
        method: 'POST',
        url: '/api/v1/tokens',
        headers: { authorization: `Bearer ${secret}` },
        payload,
      })
    expect((await send({ name: 'wider', scopes: ['user.manage'] })).statusCode).toBe(403)
    expect((await send({ name: 'same' })).json()).toMatchObject({ scopes: expect.arrayContaining(scopes) })
    const users = await api.app.inject({
      url: '/api/v1/users',
      headers: { authorization: `Bearer ${secret}` },
    })
    expect(users.statusCode).toBe(403)
  })

  it('that are wrong are nobody, even beside a good cookie', async () => {
    const sid = sidOf(await signIn('correct horse'))
    const headers = { authorization: 'Bearer nonsense' }
    const answer = await api.app.inject({ url: '/api/v1/session', headers, cookies: { fermata_sid: sid } })
    expect(answer.statusCode).toBe(401)
  })
})

describe('users and roles', () => {
  it('are made by administrators; disabling ends what the user has', async () => {
    const client = api.as('admin')
    await client.call(createUserRoute, {
      body: { name: 'bob', password: 'long enough', roles: ['operator'] },
    })
    await client.call(changeUser, { params: { name: 'bob' }, body: { disabled: true, roles: [] } })
    const bob = (await client.call(listUsers)).items.find(({ name }) => name === 'bob')
    expect(bob).toMatchObject({ disabled: true, roles: [] })
    expect(JSON.stringify(bob)).not.toMatch(/hash|password/i)
    const last = client.call(changeUser, { params: { name: 'admin' }, body: { disabled: true } })
    await expect(last).rejects.toMatchObject({ code: 'conflict' })
  })

  it('carry grants', async () => {
    const client = api.as('admin')
    await client.call(createRole, { body: { name: 'night' } })
    const role = await client.call(grantRole, {
      params: { name: 'night' },
      body: { workflow: '*', grant: 'view' },
    })
    expect(role.grants).toEqual([{ workflow: '*', grant: 'view' }])
    const roles = (await client.call(listRoles)).items.map(({ name }) => name)
    expect(roles).toEqual(expect.arrayContaining(['admin', 'designer', 'operator', 'crew', 'night']))
  })
})
