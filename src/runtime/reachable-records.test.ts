import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataCenter } from '../../tests/helpers/data-center.ts'
import { chain, headOf, publish, runsOf, silentLog } from '../../tests/helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { createUser } from '../access/users.ts'
import { createVault } from '../access/vault/vault.ts'
import type { JsonObject } from '../core/json.ts'
import { loadNodeTypes } from './registry.ts'
import { type RunningEngine, startEngine } from './start-engine.ts'
import { createServices } from './wiring/create-services.ts'

const vault = createVault([{ id: Buffer.alloc(4, 1), bytes: Buffer.alloc(32, 2) }])
let database: TestDatabase
let engine: RunningEngine

beforeAll(async () => {
  database = await createTestDatabase()
  await createDataCenter(database.pool)
  await createUser(database.pool, { name: 'root', roles: ['admin'] })
  const { services } = createServices({ pool: database.pool, vault, outboundAllow: [] })
  engine = await startEngine({ pool: database.pool, types: await loadNodeTypes(), services, log: silentLog })
})
afterAll(async () => {
  await engine.stop()
  await database.drop()
})

/** The connection of the next change of a host, and of the one after it, breaks: at the change, or at its commit. */
async function breakTwice(when: 'change' | 'commit', event: string): Promise<void> {
  const kind = when === 'change' ? 'trigger' : 'constraint trigger'
  await database.pool.run(`
    drop trigger if exists breaking on data.host;
    drop sequence if exists public.broken;
    create sequence public.broken;
    create or replace function public.break() returns trigger language plpgsql as $$
      begin
        -- What a sequence has counted stays counted.
        if nextval('public.broken') <= 2 then
          perform pg_terminate_backend(pg_backend_pid());
          perform pg_sleep(10);
        end if;
        return null;
      end $$;
    create ${kind} breaking after ${event} on data.host ${when === 'commit' ? 'deferrable initially deferred' : ''}
      for each row execute function public.break()`)
}

async function run(type: string, config: JsonObject) {
  const node = { id: 'a', type, config, policy: { onError: 'fail' as const } }
  await publish(database.pool, chain('hosts', [node]))
  const { id } = await engine.start({ workflow: 'hosts', by: { name: 'root' } })
  await engine.waitForEnd(id, 30_000)
  const runs = await runsOf(database.pool, id)
  const { error } = await headOf(database.pool, id)
  return { attempts: runs.length, ...runs[0], error }
}

async function hosts(name: string): Promise<number> {
  return (await database.pool.query('select from data.host where name = $1', [name])).length
}

describe('when the connection to the database breaks', () => {
  it('a record is created once, and the node has not failed', async () => {
    await breakTwice('change', 'insert')
    const made = await run('record-create', { collection: 'host', values: { name: 'once' } })
    expect(made).toMatchObject({ attempts: 1, status: 'completed', output: { name: 'once' } })
    expect(await hosts('once')).toBe(1)
  })

  it('a change that may have been kept is not made again', async () => {
    await breakTwice('commit', 'insert')
    const made = await run('record-create', { collection: 'host', values: { name: 'doubt' } })
    expect(made).toMatchObject({ attempts: 1, status: 'error', error: { code: 'interrupted' } })
    await breakTwice('commit', 'delete')
    const [once] = await database.pool.query<{ id: string }>(`select id from data.host where name = 'once'`)
    const removed = await run('record-delete', { collection: 'host', id: once?.id ?? '' })
    expect(removed).toMatchObject({ attempts: 1, status: 'error', error: { code: 'interrupted' } })
  })

  it('the same values are set again', async () => {
    await breakTwice('commit', 'update')
    const set = await run('record-update', { collection: 'host', id: 'h1', values: { cpu: 64 } })
    expect(set).toMatchObject({ attempts: 1, status: 'completed', output: { cpu: 64 } })
  })
})
