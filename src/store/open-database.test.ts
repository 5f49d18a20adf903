import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { listMigrations } from './migrate.ts'
import { openDatabase } from './open-database.ts'
import { waitForOthers } from './wait-for-others.ts'

let test: TestDatabase
let folder: string

beforeAll(async () => {
  test = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'fermata-open-'))
  // Else root would keep the data in a system folder.
  await chmod(folder, 0o755)
})
afterAll(async () => {
  await test.drop()
  await rm(folder, { recursive: true })
})

describe('openDatabase', () => {
  it('uses the server of DATABASE_URL and migrates it', async () => {
    await test.pool.run('drop schema fermata cascade')
    const lines: string[] = []
    const database = await openDatabase({
      databaseUrl: test.url,
      dataFolder: folder,
      log: (line) => lines.push(line),
    })
    expect(database.embedded).toBeUndefined()
    const rows = await database.pool.query('select from fermata.migrations')
    expect(rows).toHaveLength((await listMigrations()).length)
    expect(lines.join()).toContain('0001_')
    await database.close()
  })

  it('starts the embedded server otherwise', async () => {
    const database = await openDatabase({ dataFolder: join(folder, 'data') })
    expect(database.embedded?.version).toMatch(/^18/)
    expect(await database.pool.query('select from fermata.executions')).toEqual([])
    await database.close()
    await expect(database.pool.query('select 1')).rejects.toThrow()
  })

  it('joins the embedded server of another process when told to, and leaves it running', async () => {
    const dataFolder = join(folder, 'shared')
    const owner = await openDatabase({ dataFolder, join: true })
    expect(owner.joined).toBe(false)
    await owner.pool.run("insert into fermata.settings (key, value) values ('seen', '1')")
    await expect(openDatabase({ dataFolder })).rejects.toMatchObject({ code: 'in-use' })
    const guest = await openDatabase({ dataFolder, join: true })
    expect(guest.joined).toBe(true)
    const seen = "select value from fermata.settings where key = 'seen'"
    expect(await guest.pool.query(seen)).toEqual([{ value: 1 }])
    const alone = waitForOthers(owner.pool, 60_000)
    await guest.close()
    await alone
    expect(await owner.pool.query(seen)).toEqual([{ value: 1 }])
    await owner.close()
    const next = await openDatabase({ dataFolder, join: true, migrate: false })
    expect(next.joined).toBe(false)
    expect(await next.pool.query(seen)).toEqual([{ value: 1 }])
    await next.close()
  })

  it('waits for a server that is not there yet, then says what is wrong', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const databaseUrl = `postgres://nobody@127.0.0.1:${port}/none`
    const opening = openDatabase({ databaseUrl, dataFolder: folder, patienceMs: 300 })
    await expect(opening).rejects.toMatchObject({ code: 'config-invalid' })
    await expect(opening).rejects.toThrow('DATABASE_URL')
  })

  it('does not wait for what waiting cannot mend', async () => {
    const databaseUrl = test.url.replace(/\/fermata_test\w+/, '/no_such_database')
    await expect(openDatabase({ databaseUrl, dataFolder: folder })).rejects.toThrow('no_such_database')
  })
})
