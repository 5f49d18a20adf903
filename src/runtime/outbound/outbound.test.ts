import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HttpOptions } from '../../sdk/node-type.ts'
import { createOutbound, type Outbound } from './outbound.ts'

interface Seen {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}
interface TestServer {
  server: Server
  port: number
  url: string
  seen: Seen[]
  connections: number
  answer: (request: Seen, response: ServerResponse) => void
}

async function startServer(): Promise<TestServer> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { method = '', url = '', headers } = request
    const seen = { method, url, headers, body }
    started.seen.push(seen)
    started.answer(seen, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const started: TestServer = {
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    seen: [],
    connections: 0,
    answer: (_, response) => response.end('hello'),
  }
  server.on('connection', () => {
    started.connections += 1
  })
  return started
}

let open: TestServer
let secret: TestServer
let outbound: Outbound
beforeAll(async () => {
  open = await startServer()
  secret = await startServer()
})
afterAll(() => {
  for (const { server } of [open, secret]) {
    server.closeAllConnections()
    server.close()
  }
})
beforeEach(() => {
  outbound = createOutbound({ allow: [`127.0.0.1:${open.port}`] })
  for (const server of [open, secret]) {
    server.seen = []
    server.connections = 0
    server.answer = (_, response) => response.end('hello')
  }
})
afterEach(() => outbound.close())

const never = new AbortController().signal
const get = (path: string, options?: HttpOptions) => outbound.http(`${open.url}${path}`, options, never)
const redirectTo = (location: string, status = 302): TestServer['answer'] => {
  return (request, response) => {
    if (request.url !== '/start') return void response.end('arrived')
    response.writeHead(status, { location }).end('elsewhere')
  }
}
const refused = { code: 'outbound-refused' }

describe('http', () => {
  it('answers status, headers and body of an allowed server', async () => {
    open.answer = (_, response) =>
      response
        .writeHead(418, { 'content-type': 'text/plain; charset=latin1', 'x-many': ['a', 'b'] })
        .end(Buffer.from([0xe9]))
    const answer = await get('/tea?x=1', { method: 'post', headers: { 'X-Key': 'k' }, body: 'leaves' })
    expect(answer).toMatchObject({ status: 418, statusText: "I'm a Teapot", headers: { 'x-many': 'a, b' } })
    expect(answer.text()).toBe('é')
    expect(open.seen).toMatchObject([
      {
        method: 'POST',
        url: '/tea?x=1',
        body: 'leaves',
        headers: { 'x-key': 'k', host: `127.0.0.1:${open.port}` },
      },
    ])
  })

  it('connects to nothing that is refused', async () => {
    for (const host of ['127.0.0.1', 'localhost', '0x7f.1', '[::ffff:127.0.0.1]', '[::1]', '0']) {
      await expect(outbound.http(`http://${host}:${secret.port}/`, {}, never)).rejects.toMatchObject(refused)
    }
    expect(secret.connections).toBe(0)
  })

  it('connects to what is allowed later on, and to nothing else', async () => {
    const reach = () => outbound.http(secret.url, {}, never)
    await expect(reach()).rejects.toMatchObject(refused)
    outbound.allow([`127.0.0.1:${secret.port}`])
    expect((await reach()).status).toBe(200)
    await expect(outbound.http('http://127.0.0.1:1/', {}, never)).rejects.toMatchObject(refused)
  })

  it.each([
    'file:///etc/passwd',
    'ftp://10.0.0.1/',
    'gopher://10.0.0.1/',
    'data:text/plain,x',
    'http://a:b@10.0.0.1/',
    'http://a@10.0.0.1/',
  ])('refuses %s', async (url) => {
    await expect(outbound.http(url, {}, never)).rejects.toMatchObject(refused)
  })

  it('takes texts that are no URL for what they are', async () => {
    await expect(outbound.http('here', {}, never)).rejects.toMatchObject({ code: 'bad-request' })
    await expect(outbound.http('http://', {}, never)).rejects.toMatchObject({ code: 'bad-request' })
  })

  it.each(['Host', 'Transfer-Encoding', 'content-length', 'Proxy-Authorization'])(
    'does not let a node set the header %s',
    async (name) => {
      await expect(get('/', { headers: { [name]: '5' } })).rejects.toMatchObject({ code: 'bad-request' })
      expect(open.connections).toBe(0)
    },
  )

  it('uses a checked connection again', async () => {
    for (let i = 0; i < 20; i += 1) await get(`/${i}`)
    expect(open.seen).toHaveLength(20)
    // A connection is free a turn of the event loop after its answer was read.
    expect(open.connections).toBeLessThan(5)
  })

  it('says what the system says when nobody listens', async () => {
    const dead = await startServer()
    await new Promise((resolve) => dead.server.close(resolve))
    const reaching = createOutbound({ allow: ['127.0.0.0/8'] })
    await expect(reaching.http(dead.url, {}, never)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await reaching.close()
  })
})

describe('names', () => {
  const resolving = (...answers: string[][]) => {
    const asked: string[] = []
    const lookup = async (host: string) => {
      asked.push(host)
      return answers[Math.min(asked.length, answers.length) - 1] ?? []
    }
    outbound = createOutbound({ allow: ['127.0.0.1'], lookup, connectTimeoutMs: 2000 })
    return asked
  }

  it('are resolved once, and the checked address is the one that is called', async () => {
    const asked = resolving(['127.0.0.1'], ['169.254.169.254'])
    const answer = await outbound.http(`http://Rebind.Example:${open.port}/`, {}, never)
    expect(answer.text()).toBe('hello')
    expect(asked).toEqual(['rebind.example'])
    expect(open.seen[0]?.headers.host).toBe(`rebind.example:${open.port}`)
  })

  it('are resolved anew for a new connection, and refused when they have moved', async () => {
    const asked = resolving(['127.0.0.1'], ['169.254.169.254'])
    open.answer = (_, response) => response.setHeader('connection', 'close').end('bye')
    const url = `http://rebind.example:${open.port}/`
    await outbound.http(url, {}, never)
    await expect(outbound.http(url, {}, never)).rejects.toMatchObject(refused)
    expect(asked).toHaveLength(2)
    expect(open.connections).toBe(1)
  })

  it('with one forbidden address among good ones are not called at all', async () => {
    resolving(['127.0.0.1', '127.0.0.2'])
    await expect(outbound.http(`http://mixed.example:${open.port}/`, {}, never)).rejects.toMatchObject(
      refused,
    )
    expect(open.connections).toBe(0)
  })

  it('of metadata services are refused without asking the resolver', async () => {
    const asked = resolving(['127.0.0.1'])
    const url = `http://metadata.google.internal:${open.port}/`
    await expect(outbound.http(url, {}, never)).rejects.toMatchObject(refused)
    expect(asked).toEqual([])
  })
})

describe('redirects', () => {
  const start = (options?: HttpOptions) => get('/start', options)

  it('are followed where it is allowed', async () => {
    open.answer = redirectTo('/there?x=1')
    expect((await start()).text()).toBe('arrived')
    expect(open.seen.map(({ url }) => url)).toEqual(['/start', '/there?x=1'])
  })

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]/',
    'http://0/',
    'http://metadata.google.internal/',
    'file:///etc/passwd',
    'http://me:pw@127.0.0.1/',
    '//127.0.0.1:1/',
  ])('to %s are refused', async (location) => {
    open.answer = redirectTo(location)
    await expect(start()).rejects.toMatchObject(refused)
  })

  it('to another service of this machine are refused before anything is sent', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      open.answer = redirectTo(`${secret.url}/admin`, status)
      await expect(start()).rejects.toMatchObject(refused)
    }
    expect(secret.connections).toBe(0)
  })

  it('end after five, or as many as were asked for', async () => {
    open.answer = ({ url }, response) => response.writeHead(302, { location: `${url}x` }).end()
    await expect(start()).rejects.toMatchObject({ code: 'too-many-redirects' })
    expect(open.seen).toHaveLength(6)
    open.seen = []
    await expect(start({ maxRedirects: 1 })).rejects.toMatchObject({ code: 'too-many-redirects' })
    expect(open.seen).toHaveLength(2)
  })

  it('are an answer when none is to be followed', async () => {
    open.answer = redirectTo('/there')
    expect(await start({ maxRedirects: 0 })).toMatchObject({ status: 302, headers: { location: '/there' } })
  })

  const credentials = { Authorization: 'Bearer t', Cookie: 'sid=1', 'X-Api-Key': 'k', Accept: 'text/plain' }

  it('keep credentials on the same origin', async () => {
    open.answer = redirectTo('/there')
    await start({ headers: credentials })
    expect(open.seen[1]?.headers).toMatchObject({
      authorization: 'Bearer t',
      cookie: 'sid=1',
      'x-api-key': 'k',
    })
  })

  it('drop whatever may be a credential when the origin changes', async () => {
    outbound = createOutbound({ allow: ['127.0.0.1'] })
    open.answer = redirectTo(`${secret.url}/there`)
    await start({ headers: credentials })
    expect(open.seen[0]?.headers).toHaveProperty('authorization')
    const arrived = secret.seen[0]?.headers
    expect(arrived).toMatchObject({ accept: 'text/plain' })
    for (const name of ['authorization', 'cookie', 'x-api-key']) expect(arrived).not.toHaveProperty(name)
  })

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [307, 'POST', 'POST', 'data'],
    [308, 'PUT', 'PUT', 'data'],
  ])('of status %i turn %s into %s', async (status, method, expected, body) => {
    open.answer = redirectTo('/there', status)
    await start({ method, body: 'data', headers: { 'content-type': 'text/plain' } })
    expect(open.seen[1]).toMatchObject({ method: expected, body })
    expect('content-type' in (open.seen[1]?.headers ?? {})).toBe(body !== '')
  })
})

describe('limits', () => {
  const large = Buffer.alloc(3_000_000, 'a')

  it('of time hold over everything', async () => {
    open.answer = () => undefined
    await expect(get('/', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'http-timeout' })
    open.answer = (_, response) => void response.write('begun')
    await expect(get('/', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'http-timeout' })
  })

  it('of time do not hide an abort from outside', async () => {
    const controller = new AbortController()
    open.answer = () => controller.abort(new Error('terminated'))
    await expect(outbound.http(open.url, {}, controller.signal)).rejects.toThrow('terminated')
    await expect(outbound.http(open.url, {}, controller.signal)).rejects.toThrow('terminated')
    expect(open.seen).toHaveLength(1)
  })

  it('of size hold with and without a declared length', async () => {
    const tooLarge = { code: 'response-too-large' }
    open.answer = (_, response) => response.setHeader('content-length', large.length).end(large)
    await expect(get('/')).rejects.toMatchObject(tooLarge)
    open.answer = (_, response) => {
      response.write(large.subarray(0, 10))
      response.end(large)
    }
    await expect(get('/')).rejects.toMatchObject(tooLarge)
    expect((await get('/', { maxBytes: large.length + 10 })).body).toHaveLength(large.length + 10)
  })

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('of size hold for what %s unpacks to', async (encoding, compress) => {
    const packed = compress(large)
    open.answer = (_, response) => response.setHeader('content-encoding', encoding).end(packed)
    expect(packed.length).toBeLessThan(10_000)
    await expect(get('/')).rejects.toMatchObject({ code: 'response-too-large' })
    expect((await get('/', { maxBytes: large.length })).text()).toBe(large.toString())
  })

  it('of encodings: layers are undone one by one, too many or unknown ones refused', async () => {
    const answerWith = (encoding: string, body: Buffer) => {
      open.answer = (_, response) => response.setHeader('content-encoding', encoding).end(body)
    }
    answerWith('gzip, br', brotliCompressSync(gzipSync('twice')))
    expect((await get('/')).text()).toBe('twice')
    for (const encoding of ['gzip, gzip, gzip, gzip', 'lzma', 'constructor', 'gzip']) {
      answerWith(encoding, Buffer.from('not packed'))
      await expect(get('/')).rejects.toMatchObject({ code: 'bad-encoding' })
    }
    expect((await get('/', { method: 'HEAD' })).body).toHaveLength(0)
  })
})

describe('connect', () => {
  it('gives a connected socket to an allowed address', async () => {
    const echo = createTcpServer((socket) => socket.pipe(socket))
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
    const { port } = echo.address() as AddressInfo
    const lookup = async () => ['127.0.0.1']
    const reaching = createOutbound({ allow: [`echo.example:${port}`], lookup })
    const socket = await reaching.connect('echo.example', port, never)
    const heard = new Promise((resolve) => socket.once('data', (data) => resolve(data.toString())))
    socket.write('ping')
    expect(await heard).toBe('ping')
    socket.destroy()
    await new Promise((resolve) => echo.close(resolve))
  })

  it('tries the next address when the first one refuses', async () => {
    const lookup = async () => ['::1', '127.0.0.1']
    const reaching = createOutbound({ allow: ['two.example'], lookup })
    const socket = await reaching.connect('two.example', open.port, never)
    expect(socket.remoteAddress).toBe('127.0.0.1')
    socket.destroy()
  })

  it('refuses the same as http does, without touching it', async () => {
    for (const host of ['127.0.0.1', '2130706433', '::1', 'localhost', '169.254.169.254']) {
      await expect(outbound.connect(host, secret.port, never)).rejects.toMatchObject(refused)
    }
    expect(secret.connections).toBe(0)
  })

  it('ends with the signal, before and while it is busy', async () => {
    const controller = new AbortController()
    const hanging = createOutbound({ allow: [], lookup: () => new Promise(() => undefined) })
    const pending = hanging.connect('slow.example', 22, controller.signal)
    controller.abort(new Error('terminated'))
    await expect(pending).rejects.toThrow('terminated')
    await expect(hanging.connect('slow.example', 22, controller.signal)).rejects.toThrow('terminated')
  })
})
