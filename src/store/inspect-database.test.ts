import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { inspectDatabase, warningsAbout } from './inspect-database.ts'
import { listMigrations } from './migrate.ts'

let test: TestDatabase

beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.drop())

const healthy = {
  version: '18.4',
  name: 'fermata',
  sizeBytes: 1,
  fsync: true,
  synchronousCommit: 'on',
  connections: { used: 3, most: 100 },
  schema: '0001_create_engine',
  clockAheadSeconds: 0,
  diskFreeBytes: 50e9,
}

describe('inspectDatabase', () => {
  it('reports what the server says', async () => {
    const report = await inspectDatabase(test.pool, tmpdir())
    const newest = (await listMigrations()).at(-1)?.name
    expect(report).toMatchObject({ schema: newest, connections: { used: expect.any(Number) } })
    expect(report.version).toMatch(/^\d+/)
    expect(report.sizeBytes).toBeGreaterThan(1_000_000)
    expect(report.diskFreeBytes).toBeGreaterThan(0)
    expect(await inspectDatabase(test.pool)).not.toHaveProperty('diskFreeBytes')
  })
})

describe('warningsAbout', () => {
  it('says nothing about a healthy database', () => {
    expect(warningsAbout(healthy)).toEqual([])
  })

  it.each([
    [{ fsync: false }, 'fsync is off'],
    [{ synchronousCommit: 'off' }, 'synchronous_commit is off'],
    [{ connections: { used: 95, most: 100 } }, '95 of 100'],
    [{ diskFreeBytes: 1e8 }, 'Less than 1 GB'],
    [{ clockAheadSeconds: -60 }, '-60 s'],
  ])('warns about %j', (change, words) => {
    expect(warningsAbout({ ...healthy, ...change })).toEqual([expect.stringContaining(words)])
  })
})
