// A batch on real servers that are killed in the midst of it: another carries it on, every target has one execution,
// and never are more under way than its limit lets.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Batch } from '../../src/api/contract/batches.ts'
import { allRows } from '../../src/objects/permissions.ts'
import { createRecords } from '../../src/objects/write-records.ts'
import { createDataCenter } from '../helpers/data-center.ts'
import { chain, publish, until } from '../helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { adminHeaders, type ServerProcess, startServer } from './harness/server-process.ts'

const parallel = 6
const targets = Array.from({ length: 60 }, (_, n) => `k${String(n).padStart(2, '0')}`)
const secretKey = randomBytes(32).toString('hex')
const patienceMs = 90_000

let database: TestDatabase
let folder: string
const servers: ServerProcess[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'fermata-batch-kill-'))
  await createDataCenter(database.pool)
  const records = targets.map((id) => ({ id, name: `kill-${id}` }))
  await createRecords(database.pool, { collection: 'host', records, permissions: allRows })
  const nap = { id: 'nap', type: 'delay', config: { for: '400ms' } }
  await publish(database.pool, { ...chain('nap', [nap]), target: { collection: 'host' } })
}, 60_000)

afterAll(async () => {
  for (const server of servers) await end(server)
  await database.drop()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

async function start(): Promise<ServerProcess> {
  const server = await startServer({
    DATABASE_URL: database.url,
    FERMATA_DATA: folder,
    FERMATA_SECRET_KEY: secretKey,
  })
  servers.push(server)
  return server
}

async function end(server: ServerProcess): Promise<void> {
  server.signal('SIGKILL')
  await server.ended
}

/** Read beside the servers: whoever is killed tells nothing. */
const ended = async () =>
  (
    await database.pool.query<{ count: number }>(
      `select count(*)::int as count from fermata.executions where workflow = 'nap' and ended_at is not null`,
    )
  )[0]?.count ?? 0
const untilEnded = (least: number) => until(ended, (count) => count >= least, patienceMs)

/** The most that were under way together. */
const mostAtOnce = async () =>
  (
    await database.pool.query<{ most: number }>(
      `select max((select count(*) from fermata.executions o where o.workflow = 'nap'
         and o.created_at <= e.created_at and o.ended_at > e.created_at))::int as most
       from fermata.executions e where e.workflow = 'nap'`,
    )
  )[0]?.most

it('a batch whose servers are killed ends all the same, with one execution for each target', {
  timeout: 240_000,
}, async () => {
  const first = await start()
  const second = await start()
  const headers = await adminHeaders(database.pool)
  const answer = await fetch(`${first.url}/api/v1/batches`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ workflow: 'nap', targets, parallel }),
  })
  expect(answer.status).toBe(201)
  const { id } = (await answer.json()) as Batch
  await untilEnded(8)
  await end(first)
  await untilEnded(24)
  await end(second)
  // Nobody is there: what was under way waits, and nothing is started.
  expect(await ended()).toBeLessThan(targets.length)
  const third = await start()
  const read = async () =>
    (await (await fetch(`${third.url}/api/v1/batches/${id}`, { headers })).json()) as Batch
  const batch = await until(read, ({ endedAt }) => endedAt !== undefined, patienceMs)
  expect(batch).toMatchObject({ state: 'completed', counts: { completed: targets.length } })
  const executions = await database.pool.query<{ target: string; count: number }>(
    `select target_id as target, count(*)::int as count from fermata.executions where workflow = 'nap'
     group by 1 order by 1`,
  )
  expect(executions).toEqual(targets.map((target) => ({ target, count: 1 })))
  expect(await mostAtOnce()).toBeLessThanOrEqual(parallel)
  expect(await mostAtOnce()).toBeGreaterThan(1)
})
