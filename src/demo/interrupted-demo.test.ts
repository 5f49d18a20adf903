import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLog, until } from '../../tests/helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { realServices } from '../../tests/helpers/real-services.ts'
import { createVault } from '../access/vault/vault.ts'
import { loadNodeTypes } from '../runtime/registry.ts'
import { type RunningEngine, startEngine } from '../runtime/start-engine.ts'
import type { DemoHosts } from './hosts/start-demo-hosts.ts'
import { nightStories } from './nights.ts'
import { seedPast } from './seed-past.ts'
import { outboundAllow, seedDemo, startDemo } from './start-demo.ts'
import { past, present } from './stories.ts'

const vault = createVault([{ id: Buffer.alloc(4, 1), bytes: Buffer.alloc(32, 2) }])
const lines: string[] = []
const log = (line: string) => void lines.push(line)
let database: TestDatabase
let engine: RunningEngine
let hosts: DemoHosts
let closeServices: () => Promise<void>

beforeAll(async () => {
  database = await createTestDatabase()
  const db = database.pool
  const started = await startDemo({ db, vault, log }, true)
  if (!started) throw new Error('the demo world did not start')
  hosts = started
  const { services, close } = realServices(db, vault, outboundAllow(hosts))
  closeServices = close
  engine = await startEngine({ pool: db, types: await loadNodeTypes(), services, log: silentLog })
}, 60_000)

afterAll(async () => {
  await engine.stop()
  await closeServices()
  await hosts.close()
  await database.drop()
})

async function count(condition: string): Promise<number> {
  const [row] = await database.pool.query<{ count: number }>(
    `select count(*)::int as count from fermata.executions where parent_id is null and ${condition}`,
  )
  return row?.count ?? 0
}

it('goes on where it was stopped, and tells nothing twice', async () => {
  const deps = { db: database.pool, vault, log, engine, check: () => undefined }
  const stopping = new AbortController()
  const first = seedDemo({ ...deps, signal: stopping.signal })
  await until(
    () => count(`status = 'canceled'`),
    (canceled) => canceled > 0,
  )
  stopping.abort()
  await first
  expect(await count(`created_at < now() - interval '1 hour'`)).toBe(0)
  await seedDemo(deps)
  expect(lines.filter((line) => line.includes('could not be played'))).toEqual([])
  const { faulty, mended } = nightStories(Date.now())
  const told = faulty.length + mended.length + past.length
  expect(await count('true')).toBe(told + present.length)
  expect(await count(`created_at < now() - interval '1 hour'`)).toBe(told)
  // Stopped right before its end it was written down.
  await seedPast(deps)
  expect(await count('true')).toBe(told + present.length)
  const schedules = await database.pool.query('select from fermata.schedules')
  expect(schedules).toHaveLength(1)
}, 120_000)
