// `fermata worker` beside `fermata serve`: processes of their own on one database, told apart by what they ran.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chain, publish, runsOf, until } from './helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from './helpers/postgres.ts'

const main = join(import.meta.dirname, '../src/cli/main.ts')
const long = 300_000
const children: ChildProcess[] = []
let database: TestDatabase
let folder: string
let server: { url: string; pid: number | undefined }
let healthPort: number

beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'fermata-worker-'))
  healthPort = await freePort()
  const serve = await start(['serve', '--json'], { FERMATA_ADMIN_PASSWORD: 'a long password' })
  server = { url: String(serve.says.url), pid: serve.child.pid }
}, long)
afterAll(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  await database.drop()
  await rm(folder, { recursive: true, force: true })
}, long)

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}

function run(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const { FERMATA_URL: _server, ...rest } = process.env
  const own = {
    DATABASE_URL: database.url,
    FERMATA_DATA: folder,
    FERMATA_DEMO: '0',
    PORT: '0',
    NO_COLOR: '1',
  }
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...rest, ...own, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  return child
}

/** Started, and has said so. */
async function start(args: readonly string[], env: Record<string, string> = {}) {
  const child = run(args, env)
  let out = ''
  let err = ''
  child.stderr?.on('data', (chunk) => (err += chunk))
  const says = await new Promise<Record<string, unknown>>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      out += chunk
      if (out.trimEnd().endsWith('}')) resolve(JSON.parse(out))
    })
    child.once('exit', () => reject(new Error(err)))
  })
  return { child, says }
}

const script = (id: string, runOn?: string) => ({
  id,
  type: 'script',
  config: { code: 'return 1' },
  ...(runOn ? { policy: { runOn } } : {}),
})

async function startExecution(workflow: string): Promise<string> {
  const signIn = await fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: 'a long password' }),
  })
  const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  const answer = await fetch(`${server.url}/api/v1/executions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, origin: server.url },
    body: JSON.stringify({ workflow }),
  })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { id: string }).id
}

async function pidsOf(id: string): Promise<Record<string, number>> {
  const rows = await database.pool.query<{ run: string; worker: string }>(
    'select run, worker from fermata.all_node_runs where execution_id = $1',
    [id],
  )
  return Object.fromEntries(rows.map(({ run: name, worker }) => [name, Number.parseInt(worker, 10)]))
}

describe('a worker', () => {
  it(
    'runs what asks for its tag, the server the rest; killed, another one goes on',
    async () => {
      await publish(
        database.pool,
        chain('zoned', [script('free'), script('near', 'zone-a'), script('far', 'zone-b')]),
      )
      const one = await start(['worker', '--tags', 'zone-a', '--only-tagged', '--json'], {
        FERMATA_HEALTH_PORT: String(healthPort),
      })
      expect(one.says).toMatchObject({ tags: ['zone-a'], untagged: false })
      const id = await startExecution('zoned')
      await until(
        () => runsOf(database.pool, id),
        (runs) => runs.some(({ run: name, status }) => name === 'far' && status === 'queued'),
        60_000,
      )
      one.child.kill('SIGKILL')
      const two = await start(['worker', '--json'], { FERMATA_TAGS: 'zone-a,zone-b', FERMATA_UNTAGGED: '0' })
      await until(
        () => runsOf(database.pool, id),
        (runs) => runs.every(({ status }) => status === 'completed'),
        60_000,
      )
      expect(await pidsOf(id)).toEqual({ free: server.pid, near: one.child.pid, far: two.child.pid })
    },
    long,
  )

  it(
    'answers how it is at FERMATA_HEALTH_PORT, and nothing else anywhere',
    async () => {
      await start(['worker', '--json'], { FERMATA_HEALTH_PORT: String(healthPort) })
      const status = async (path: string) => (await fetch(`http://127.0.0.1:${healthPort}${path}`)).status
      expect(await status('/healthz')).toBe(200)
      expect(await status('/readyz')).toBe(200)
      expect(await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text()).toContain(
        'fermata_processes{role="worker"}',
      )
      for (const path of ['/', '/api/v1/executions', '/api/openapi.json', '/api/v1/session']) {
        expect(await status(path), path).toBe(404)
      }
    },
    long,
  )

  it(
    'is refused where there is nobody to work for, and with tags nobody can ask for',
    async () => {
      const alone = run(['worker', '--json'], { DATABASE_URL: '', FERMATA_DATA: join(folder, 'nothing') })
      let err = ''
      alone.stderr?.on('data', (chunk) => (err += chunk))
      expect((await once(alone, 'close'))[0]).toBe(1)
      expect(JSON.parse(err)).toMatchObject({ error: { code: 'config-invalid', pointer: '/DATABASE_URL' } })
      const odd = run(['worker', '--tags', 'Zone A'])
      expect((await once(odd, 'close'))[0]).toBe(1)
    },
    long,
  )
})

describe('a command that only reads', () => {
  it(
    'joins no others and works on nothing: no process, no heartbeat, no migration',
    async () => {
      const before = await database.pool.query('select id from fermata.processes order by id')
      const lists = [['executions'], ['tasks'], ['secret', 'list']].map(async (args) => {
        const child = run([...args, '--json'])
        expect((await once(child, 'close'))[0]).toBe(0)
      })
      const seen = new Set<number>()
      let done = false
      void Promise.all(lists).finally(() => {
        done = true
      })
      while (!done) {
        seen.add((await database.pool.query('select id from fermata.processes')).length)
      }
      await Promise.all(lists)
      expect(Math.max(...seen)).toBeLessThanOrEqual(before.length)
    },
    long,
  )
})
