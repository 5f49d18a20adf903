// I11: a secret is used by effects that succeed, fail and hang while the server is killed: afterwards it is nowhere in
// the database, and nowhere in the log.

import { putConnection } from '../../../src/access/vault/connections.ts'
import { parseMasterKeys } from '../../../src/access/vault/master-keys.ts'
import { createVault } from '../../../src/access/vault/vault.ts'
import { publish } from '../../helpers/engine.ts'
import { runServer, type ServerStage } from '../harness/run-server.ts'
import type { ChaosCase } from './chaos-case.ts'

const perKill = 20

/** A unit is one execution that uses the secret. */
export const canary: ChaosCase = {
  id: 'I11',
  title: 'secrets in what is stored and logged',
  units: { T0: 0, T1: 200, T2: 1000 },
  perChunk: { one: 1000, three: 1000 },
  async run(ground, { seed, units }) {
    const outcome = await runServer(ground, seed, (stage) => useSecret(stage, units))
    return { ...outcome, faults: units }
  },
}

async function useSecret(stage: ServerStage, units: number): Promise<string[]> {
  const secret = `canary-${stage.random.int(1e8, 1e9)}-${stage.random.int(1e8, 1e9)}`
  await prepare(stage, secret)
  const logs: string[] = []
  for (let n = 0; n < units; n++) {
    await stage.start(`secret-${n}`, '', `secretly-${n % 3}`)
    if (n % perKill !== perKill - 1) continue
    logs.push(stage.server.log())
    await stage.kill()
  }
  await stage.settle()
  logs.push(stage.server.log())
  const used = stage.ledger.read().some(({ key }) => key.startsWith('secretly'))
  return [
    ...(used ? [] : ['the secret was never used']),
    ...(logs.join('').includes(secret) ? ['the secret is in the log'] : []),
    ...(await findInTables(stage, secret)),
  ]
}

/** One that succeeds, one that is taken for a failure, one that hangs. */
async function prepare({ database, ledger, secretKey }: ServerStage, secret: string): Promise<void> {
  const vault = createVault(parseMasterKeys(secretKey, 'the test'))
  const settings = { baseUrl: ledger.url }
  await putConnection(database.pool, vault, {
    ...{ name: 'ledger', type: 'http', settings, by: 'chaos' },
    secrets: { token: secret },
  })
  for (const [n, extra] of [{}, { okStatuses: [404] }, { timeout: '300ms' }].entries()) {
    const key = `secretly-${n}`
    const json = {
      ...{ execution: '{{ execution.id }}', run: 'a', attempt: 1, pid: 0, bodyHash: 0, key },
      behave: n === 2 ? { hang: true } : {},
    }
    const config = { method: 'POST', url: '/', connection: 'ledger', body: { json }, ...extra }
    await publish(database.pool, { key, nodes: [{ id: 'a', type: 'http-request', config }], edges: [] })
  }
}

async function findInTables({ database: { pool } }: ServerStage, secret: string): Promise<string[]> {
  const tables = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const rows = await pool.query(`select from ${name} t where t::text like '%' || $1 || '%' limit 1`, [
      secret,
    ])
    if (rows.length > 0) found.push(`the secret is in ${name}`)
  }
  return found
}
