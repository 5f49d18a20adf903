import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOutbound } from './outbound.ts'
import { followRedirect } from './redirect.ts'
import { makeCertificate } from './test-certificate.ts'

const trusted = makeCertificate('lb.example')
const server = createServer(trusted, (request, response) => {
  if (request.url === '/down') response.writeHead(302, { location: 'http://lb.example/' })
  response.end(request.headers.host)
})
const lookup = async () => ['127.0.0.1']
const outbound = createOutbound({ allow: ['127.0.0.1'], lookup })
const never = new AbortController().signal
let port: number

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  setDefaultCACertificates([...getCACertificates('default'), trusted.cert])
})
afterAll(async () => {
  await outbound.close()
  server.closeAllConnections()
  server.close()
})

describe('https', () => {
  it('goes to the checked address with the name on the certificate', async () => {
    const answer = await outbound.http(`https://lb.example:${port}/`, {}, never)
    expect(answer.text()).toBe(`lb.example:${port}`)
  })

  it('refuses a certificate for another name', async () => {
    const call = outbound.http(`https://other.example:${port}/`, {}, never)
    await expect(call).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  })

  it('refuses a certificate that nobody vouches for', async () => {
    server.setSecureContext(makeCertificate('lb.example'))
    const fresh = createOutbound({ allow: ['127.0.0.1'], lookup })
    await expect(fresh.http(`https://lb.example:${port}/`, {}, never)).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
    await fresh.close()
    server.setSecureContext(trusted)
  })

  it('does not lead down to http', async () => {
    const call = outbound.http(`https://lb.example:${port}/down`, {}, never)
    await expect(call).rejects.toMatchObject({ code: 'outbound-refused' })
  })
})

describe('a redirect', () => {
  const from = (text: string) => ({ url: new URL(text), method: 'GET', headers: {}, body: undefined })

  it('may lead up to https, and is none without a location', () => {
    expect(followRedirect(from('http://a/'), 301, 'https://a/')?.url.href).toBe('https://a/')
    expect(followRedirect(from('http://a/'), 301)).toBeUndefined()
    expect(followRedirect(from('http://a/'), 304, '/x')).toBeUndefined()
  })

  it('changes the origin with the port and with the scheme', () => {
    for (const to of ['http://a:81/', 'https://a/', 'http://b/']) {
      const request = { ...from('http://a/'), headers: { authorization: 'x', accept: 'y' } }
      expect(followRedirect(request, 302, to)?.headers).toEqual({ accept: 'y' })
    }
  })
})
