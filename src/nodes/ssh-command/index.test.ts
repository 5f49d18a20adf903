import { createHash } from 'node:crypto'
import { connect, createServer, type Socket } from 'node:net'
import ssh2 from 'ssh2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { KnownHosts, RecordValue, RunContext } from '../../sdk/node-type.ts'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'
import { makeKey, password, startTestServer, type TestServer } from './ssh-test-server.ts'

const hostKey = makeKey()
const userKey = makeKey()
const lockedKey = ssh2.utils.generateKeyPairSync('ed25519', {
  passphrase: 'open',
  cipher: 'aes256-cbc',
  rounds: 16,
})
let server: TestServer

beforeAll(async () => {
  server = await startTestServer(hostKey.private, userKey.public)
})
afterAll(() => server.close())

function dial(_host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.once('error', reject)
  })
}

function rememberAll(known: Record<string, string> = {}): KnownHosts {
  return {
    find: async (host, port) => known[`${host}:${port}`],
    remember: async (host, port, print) => {
      known[`${host}:${port}`] ??= print
    },
  }
}

const connections: Record<string, JsonObject> = {
  ops: { user: 'operator', password },
  key: { user: 'operator', privateKey: userKey.private },
  wrong: { user: 'operator', password: 'wrong' },
  broken: { user: 'operator', privateKey: 'no key' },
  locked: { user: 'operator', privateKey: lockedKey.private, passphrase: 'not this' },
  empty: {},
}

async function findConnection(name: string): Promise<JsonObject> {
  const found = connections[name]
  if (!found) throw new AppError('not-found', `There is no connection ${name}`)
  return found
}

type Given = Partial<RunContext<never>> & { scope?: JsonObject }

function prepare(config: JsonObject, given: Given = {}) {
  const full = { host: 'app-1', port: server.port, connection: 'ops', ...config }
  return contextOf(nodeType, full, {
    connect: dial,
    connection: findConnection,
    knownHosts: rememberAll(),
    ...given,
  } as object)
}
const run = (config: JsonObject, given: Given = {}) => Promise.resolve(nodeType.run(prepare(config, given)))

describe('a command', () => {
  it('answers exit code and output, line by line in the log', async () => {
    const ctx = prepare({ command: 'echo one; echo two >&2; printf three' })
    expect(await nodeType.run(ctx)).toEqual({
      type: 'done',
      output: { exitCode: 0, stdout: 'one\nthree', stderr: 'two\n', truncated: false },
    })
    expect(ctx.lines).toEqual(expect.arrayContaining(['one', 'two', 'three']))
  })

  it('quotes what comes from data, wherever it stands', async () => {
    const value = `a b; echo $HOME "x" 'y' \`id\` $(id) \\`
    const command = 'printf "%s|" {{ inputs.v }} "<{{ inputs.v }}>" {{ inputs.list }}'
    const outcome = await run({ command }, { scope: { inputs: { v: value, list: ['p q', '*'] } } })
    expect(outcome).toMatchObject({ output: { stdout: `${value}|<${value}>|p q|*|` } })
  })

  it('takes variables and standard input', async () => {
    const env = { GREETING: "it's {{ inputs.n }}", EMPTY: '', COUNT: 3 }
    const config = {
      command: 'cat; printf "%s,%s,%s" "$GREETING" "$EMPTY" "$COUNT"',
      env,
      stdin: 'in: {{ inputs.n }}\n',
    }
    const outcome = await run(config, { scope: { inputs: { n: 7 } } })
    expect(outcome).toMatchObject({ output: { stdout: "in: 7\nit's 7,,3" } })
  })

  it('runs on the address and the port of the bound record', async () => {
    const record = {
      id: 'h1',
      label: 'h1',
      collection: 'host',
      address: 'app-7',
      port: server.port,
    } as RecordValue
    const seen: string[] = []
    const given = {
      record,
      scope: { record },
      connection: findConnection,
      knownHosts: rememberAll(),
      connect: (host: string, port: number) => {
        seen.push(`${host}:${port}`)
        return dial(host, port)
      },
    }
    const config = { command: 'true', connection: 'ops', port: '{{ record.port }}' }
    expect(await nodeType.run(contextOf(nodeType, config, given as object))).toMatchObject({ type: 'done' })
    expect(seen).toEqual([`app-7:${server.port}`])
  })

  it('signs in with a private key', async () => {
    expect(await run({ command: 'true', connection: 'key' })).toMatchObject({ type: 'done' })
  })

  it('keeps a limited part of its output, in whole characters', async () => {
    const outcome = await run({ command: 'printf "ёёё"; yes | head -c 300000 >&2', maxOutputBytes: 5 })
    expect(outcome).toMatchObject({ output: { stdout: 'ёё', stderr: 'y\ny\ny', truncated: true } })
  })
})

describe('a command that does not end well', () => {
  it('fails by its exit code, with the end of its output', async () => {
    expect(await run({ command: 'echo out; echo "no space left" >&2; exit 3' })).toEqual({
      type: 'fail',
      kind: 'failed',
      code: 'exit-code',
      message: 'The command ended with exit code 3: no space left',
      details: { exitCode: 3, stdout: 'out\n', stderr: 'no space left\n' },
    })
  })

  it('may end with other codes when they are fine', async () => {
    expect(await run({ command: 'exit 3', okExitCodes: [0, 3] })).toMatchObject({ output: { exitCode: 3 } })
  })

  it('says which signal ended it', async () => {
    expect(await run({ command: 'kill -TERM $$' })).toMatchObject({
      code: 'exit-code',
      details: { exitCode: null, signal: 'SIGTERM' },
    })
  })

  it('is stopped at its time limit', async () => {
    const config = { command: 'echo begun; sleep 60', timeout: '300ms' }
    expect(await run(config)).toMatchObject({ kind: 'timed-out', code: 'ssh-timeout' })
  })

  it('is stopped when the run is', async () => {
    const stop = new AbortController()
    const ctx = prepare({ command: 'echo begun; sleep 60' }, { signal: stop.signal })
    const { log } = ctx
    ctx.log = (line, level) => {
      log(line, level)
      if (line === 'begun') stop.abort()
    }
    expect(await nodeType.run(ctx)).toMatchObject({ kind: 'error', code: 'stopped' })
  })

  it('may have done its work when the connection breaks', async () => {
    const ctx = prepare({ command: 'echo begun; sleep 60' })
    ctx.log = (line) => void (line === 'begun' && server.drop())
    expect(await nodeType.run(ctx)).toMatchObject({ kind: 'error', code: 'ssh-lost' })
  })

  it('was not run by the host', async () => {
    expect(await run({ command: 'refuse' })).toMatchObject({ kind: 'error', code: 'ssh-refused' })
  })
})

describe('host keys', () => {
  const print = (key: string) => {
    const parsed = ssh2.utils.parseKey(key)
    if (parsed instanceof Error) throw parsed
    const digest = createHash('sha256').update(parsed.getPublicSSH()).digest('base64')
    return `SHA256:${digest.replace(/=+$/, '')}`
  }

  it('are remembered at the first connection and expected from then on', async () => {
    const known: Record<string, string> = {}
    await run({ command: 'true' }, { knownHosts: rememberAll(known) })
    expect(known).toEqual({ [`app-1:${server.port}`]: print(hostKey.private) })
    expect(await run({ command: 'true' }, { knownHosts: rememberAll(known) })).toMatchObject({ type: 'done' })
  })

  it('that changed are refused before anything is sent', async () => {
    const known = { [`app-1:${server.port}`]: print(makeKey().private) }
    const before = server.commands.length
    expect(await run({ command: 'true' }, { knownHosts: rememberAll(known) })).toMatchObject({
      kind: 'error',
      code: 'host-key-changed',
      details: { seen: print(hostKey.private) },
    })
    expect(server.commands).toHaveLength(before)
  })

  it('of two first connections the one that was kept decides', async () => {
    const knownHosts = rememberAll({ [`app-1:${server.port}`]: print(makeKey().private) })
    let asked = 0
    const late: KnownHosts = {
      ...knownHosts,
      find: (host, port) => (asked++ === 0 ? Promise.resolve(undefined) : knownHosts.find(host, port)),
    }
    expect(await run({ command: 'true' }, { knownHosts: late })).toMatchObject({ code: 'host-key-changed' })
  })
})

describe('no connection', () => {
  it.each(['wrong', 'broken', 'locked'])('with credentials that are %s', async (connection) => {
    expect(await run({ command: 'true', connection })).toMatchObject({ kind: 'error', code: 'ssh-auth' })
  })

  it('where nothing listens', async () => {
    const probe = createServer()
    const port = await new Promise<number>((resolve) => {
      probe.listen(0, '127.0.0.1', () => resolve((probe.address() as { port: number }).port))
    })
    await new Promise((resolve) => probe.close(resolve))
    const outcome = await run({ command: 'true', port })
    expect(outcome).toMatchObject({ kind: 'error', code: 'ssh-connect' })
    expect(JSON.stringify(outcome)).toContain('nothing listens there')
  })

  it('where something else listens', async () => {
    const web = createServer((socket) => void socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const port = await new Promise<number>((resolve) => {
      web.listen(0, '127.0.0.1', () => resolve((web.address() as { port: number }).port))
    })
    expect(await run({ command: 'true', port })).toMatchObject({ kind: 'error', code: 'ssh-connect' })
    await new Promise((resolve) => web.close(resolve))
  })

  it('where the guard refuses, or the time runs out', async () => {
    const refuse = async () => {
      throw new AppError('outbound-refused', 'This address may not be called')
    }
    expect(await run({ command: 'true' }, { connect: refuse })).toMatchObject({ code: 'outbound-refused' })
    const wait = async () => {
      throw Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })
    }
    expect(await run({ command: 'true' }, { connect: wait })).toMatchObject({
      kind: 'error',
      code: 'ssh-timeout',
    })
  })

  it('without host, user, credentials or connection', async () => {
    expect(
      await run({ command: 'true', host: '{{ inputs.h }}' }, { scope: { inputs: { h: '' } } }),
    ).toMatchObject({
      code: 'bad-request',
      details: { pointer: '/host' },
    })
    expect(await run({ command: 'true', connection: 'empty' })).toMatchObject({
      details: { pointer: '/user' },
    })
    expect(await run({ command: 'true', connection: 'empty', user: 'x' })).toMatchObject({
      details: { pointer: '/connection' },
    })
    expect(await run({ command: 'true', connection: 'nobody' })).toMatchObject({ code: 'not-found' })
  })
})

describe('config', () => {
  it('is strict', () => {
    expect(acceptsConfig(nodeType as never, { command: 'true' })).toBe(true)
    expect(
      acceptsConfig(nodeType as never, {
        command: 'true',
        port: '{{ record.port }}',
        timeout: '{{ inputs.t }}',
      }),
    ).toBe(true)
    expect(acceptsConfig(nodeType as never, { command: 'true', shell: 'bash' })).toBe(false)
    expect(acceptsConfig(nodeType as never, { command: 'true', env: { 'A B': '1' } })).toBe(false)
    expect(acceptsConfig(nodeType as never, { command: 'true', timeout: 'soon' })).toBe(false)
  })

  it('says what it would do', () => {
    expect(nodeType.plan?.(prepare({ command: 'uptime' }))).toEqual(['on app-1: uptime'])
  })
})
