import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../tests/helpers/postgres.ts'
import type { Db } from '../../store/db.ts'
import { listConnections, putConnection, removeConnection, revealConnection } from './connections.ts'
import { forgetHost, knownHostsFor, listKnownHosts } from './known-hosts.ts'
import { parseMasterKeys, readMasterKeys } from './master-keys.ts'
import { listSecrets, putSecret, removeSecret, revealSecret } from './secrets.ts'
import { createVault, openVault, type Vault } from './vault.ts'

let database: TestDatabase
let db: Db
let folder: string
let vault: Vault
beforeAll(async () => {
  database = await createTestDatabase()
  db = database.pool
  folder = await mkdtemp(join(tmpdir(), 'fermata-vault-'))
  vault = await openVault(db, { folder })
})
afterAll(async () => {
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

const newKey = () => randomBytes(32).toString('base64')
const internal = { code: 'internal' }
const configInvalid = { code: 'config-invalid' }

describe('the master key', () => {
  it('is made at the first start, for its owner alone, and found again', async () => {
    const path = join(folder, 'secret.key')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const sealed = vault.seal('here', 'text')
    expect((await openVault(db, { folder })).open('here', sealed)).toBe('text')
  })

  it('is one, also when several processes make it at once', async () => {
    const fresh = await mkdtemp(join(tmpdir(), 'fermata-vault-'))
    const all = await Promise.all(Array.from({ length: 8 }, () => readMasterKeys({ folder: fresh })))
    expect(new Set(all.map(([key]) => key?.id.toString('hex'))).size).toBe(1)
    await rm(fresh, { recursive: true })
  })

  it('that others can read is refused', async () => {
    const open = await mkdtemp(join(tmpdir(), 'fermata-vault-'))
    await writeFile(join(open, 'secret.key'), newKey())
    await chmod(join(open, 'secret.key'), 0o644)
    await expect(readMasterKeys({ folder: open })).rejects.toMatchObject(configInvalid)
    await rm(open, { recursive: true })
  })

  it.each([
    ['short', 'c2hvcnQ='],
    ['empty', ' '],
    ['all zero', '00'.repeat(32)],
    ['text', 'change me please'],
  ])('is refused when %s', (_, key) => {
    expect(() => parseMasterKeys(key, 'FERMATA_SECRET_KEY')).toThrow('FERMATA_SECRET_KEY')
  })

  it('must be the one of this database', async () => {
    await expect(openVault(db, { folder, key: newKey() })).rejects.toMatchObject(configInvalid)
  })

  it('may be followed by older ones, which still open', async () => {
    const [older, newer] = [newKey(), newKey()]
    const sealed = createVault(parseMasterKeys(older, 'test')).seal('here', 'text')
    const both = createVault(parseMasterKeys(`${newer},${older}`, 'test'))
    expect(both.open('here', sealed)).toBe('text')
    const onlyNewer = createVault(parseMasterKeys(newer, 'test'))
    expect(() => onlyNewer.open('here', sealed)).toThrow(expect.objectContaining(internal))
    expect(onlyNewer.open('here', both.seal('here', 'again'))).toBe('again')
  })
})

describe('a sealed value', () => {
  it('opens only unchanged: every byte counts', () => {
    const sealed = vault.seal('secrets/a', 'some secret text')
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed)
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
      expect(() => vault.open('secrets/a', changed)).toThrow(expect.objectContaining(internal))
    }
    for (const length of [0, 1, 5, 60, sealed.length - 1]) {
      expect(() => vault.open('secrets/a', sealed.subarray(0, length))).toThrow(
        expect.objectContaining(internal),
      )
    }
  })

  it('never looks the same twice', () => {
    expect(vault.seal('a', 'text').equals(vault.seal('a', 'text'))).toBe(false)
  })
})

describe('secrets', () => {
  it('are written and listed, never read by people; the database holds no trace of them', async () => {
    const value = 'canary-b7f3e2'
    await putSecret(db, vault, { name: 'smtp', value, description: 'Mail', by: 'alice' })
    expect(await listSecrets(db)).toMatchObject([{ name: 'smtp', description: 'Mail', changedBy: 'alice' }])
    expect(await revealSecret(db, vault, 'smtp')).toBe(value)
    const [row] = await db.query<{ text: string }>(
      "select encode(sealed, 'escape') || row_to_json(s)::text as text from fermata.secrets s",
    )
    expect(row?.text).not.toContain(value)
    expect(row?.text).not.toContain(Buffer.from(value).toString('hex'))
    await putSecret(db, vault, { name: 'smtp', value: 'other', by: 'bob' })
    expect(await revealSecret(db, vault, 'smtp')).toBe('other')
    expect(await listSecrets(db)).toMatchObject([{ description: 'Mail', changedBy: 'bob' }])
  })

  it('moved to another row do not open there', async () => {
    await putSecret(db, vault, { name: 'low', value: 'low value', by: 'alice' })
    await putSecret(db, vault, { name: 'high', value: 'high value', by: 'alice' })
    await db.run(
      "update fermata.secrets set sealed = (select sealed from fermata.secrets where name = 'high') where name = 'low'",
    )
    await expect(revealSecret(db, vault, 'low')).rejects.toMatchObject(internal)
  })

  it('that are not there are not found', async () => {
    await expect(revealSecret(db, vault, 'nothing')).rejects.toMatchObject({ code: 'not-found' })
    await expect(removeSecret(db, 'nothing')).rejects.toMatchObject({ code: 'not-found' })
    await expect(putSecret(db, vault, { name: 'No Name', value: '', by: 'x' })).rejects.toMatchObject({
      code: 'bad-request',
    })
  })
})

describe('connections', () => {
  const base = { name: 'bastion', type: 'ssh', settings: { host: 'ops-1', port: 22 }, by: 'alice' }

  it('show what is set and open only for the worker', async () => {
    await putConnection(db, vault, { ...base, secrets: { password: 'pass-1', passphrase: 'phrase-1' } })
    const listed = await listConnections(db)
    expect(listed).toMatchObject([{ name: 'bastion', secretFields: ['passphrase', 'password'] }])
    expect(JSON.stringify(listed)).not.toMatch(/pass-1|phrase-1/)
    expect(await revealConnection(db, vault, 'bastion')).toEqual({
      settings: { host: 'ops-1', port: 22, password: 'pass-1', passphrase: 'phrase-1' },
      secrets: ['pass-1', 'phrase-1'],
    })
  })

  it('keep the secrets that a change does not name, and drop those it sets to null', async () => {
    await putConnection(db, vault, { ...base, secrets: { password: 'pass-1', passphrase: 'phrase-1' } })
    await putConnection(db, vault, { ...base, settings: { host: 'ops-2' }, secrets: { passphrase: null } })
    const { settings } = await revealConnection(db, vault, 'bastion')
    expect(settings).toEqual({ host: 'ops-2', password: 'pass-1' })
  })

  it('take named secrets in, wherever they stand', async () => {
    await putSecret(db, vault, { name: 'api-key', value: 'key-1', by: 'alice' })
    const settings = {
      url: 'https://lb',
      headers: { 'x-key': { secret: 'api-key' } },
      list: [{ secret: 'api-key' }],
    }
    await putConnection(db, vault, { ...base, name: 'lb', type: 'http', settings })
    expect(await revealConnection(db, vault, 'lb')).toEqual({
      settings: { url: 'https://lb', headers: { 'x-key': 'key-1' }, list: ['key-1'] },
      secrets: ['key-1', 'key-1'],
    })
    await removeSecret(db, 'api-key')
    await expect(revealConnection(db, vault, 'lb')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('that are not there are not found', async () => {
    await expect(revealConnection(db, vault, 'nothing')).rejects.toMatchObject({ code: 'not-found' })
    await expect(removeConnection(db, 'nothing')).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('known hosts', () => {
  it('record the first key and refuse another until it is forgotten', async () => {
    const hosts = knownHostsFor(db, 'execution:1')
    expect(await hosts.find('web-1', 22)).toBeUndefined()
    await hosts.remember('Web-1', 22, 'SHA256:aaa')
    await hosts.remember('web-1', 22, 'SHA256:aaa')
    expect(await hosts.find('WEB-1', 22)).toBe('SHA256:aaa')
    expect(await hosts.find('web-1', 2222)).toBeUndefined()
    await expect(hosts.remember('web-1', 22, 'SHA256:bbb')).rejects.toMatchObject({ code: 'conflict' })
    expect(await listKnownHosts(db)).toMatchObject([{ host: 'web-1', port: 22, addedBy: 'execution:1' }])
    await forgetHost(db, 'web-1', 22)
    await hosts.remember('web-1', 22, 'SHA256:bbb')
    await expect(forgetHost(db, 'web-2', 22)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('are the same for whoever is first', async () => {
    const hosts = knownHostsFor(db, 'x')
    const keys = ['SHA256:a', 'SHA256:b', 'SHA256:c']
    const results = await Promise.allSettled(keys.map((key) => hosts.remember('raced', 22, key)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

it('the key file holds nothing but the key', async () => {
  const text = await readFile(join(folder, 'secret.key'), 'utf8')
  expect(Buffer.from(text.trim(), 'base64')).toHaveLength(32)
})
