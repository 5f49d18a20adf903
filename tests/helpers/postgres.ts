// A migrated database for a test file, on the one server of this test run.
import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { openPool, type Pool } from '../../src/store/db.ts'
import { configFor, type TestServer } from './postgres-server.ts'

export interface TestDatabase {
  pool: Pool
  /** For whatever takes a `DATABASE_URL`, child processes included. */
  url: string
  /** Closes the pool and removes the database, whoever is still connected. */
  drop(): Promise<void>
}

/** Call in `beforeAll`, and `drop` in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { config, template } = await askBroker()
  const name = `fermata_test_${process.pid}_${randomBytes(4).toString('hex')}`
  const admin = openPool({ ...config, max: 1 })
  await admin.run(`create database ${name} template ${template}`)
  const own = configFor(config, name)
  const pool = openPool(own)
  return {
    pool,
    url: urlOf(own),
    async drop() {
      await pool.close()
      await admin.run(`drop database if exists ${name} with (force)`)
      await admin.close()
    },
  }
}

async function askBroker(): Promise<TestServer> {
  const response = await fetch(inject('postgresBroker'))
  const text = await response.text()
  if (!response.ok) throw new Error(`No test database server: ${text}`)
  return JSON.parse(text) as TestServer
}

function urlOf(config: TestServer['config']): string {
  if (config.connectionString) return config.connectionString
  const { user, password, host, port, database } = config
  return `postgres://${user}:${String(password)}@localhost:${port}/${database}?host=${encodeURIComponent(host ?? '')}`
}
