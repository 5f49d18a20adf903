// R11S: what is stored of secrets cannot be opened any more: the server starts all the same, nodes that use them fail and
// say so, and everything else goes on.
import { putConnection } from '../../../src/access/vault/connections.ts'
import { parseMasterKeys } from '../../../src/access/vault/master-keys.ts'
import { createVault } from '../../../src/access/vault/vault.ts'
import { publish } from '../../helpers/engine.ts'
import { runServer, type ServerStage } from '../harness/run-server.ts'
import type { ChaosCase } from './chaos-case.ts'

const healthy = 200
const upWithinMs = 10_000
const atOnce = 25

/** Cut off, changed, of another key, of another place. */
const damages = [
  `substr(sealed, 1, 20)`,
  `set_byte(sealed, length(sealed) - 1, 255 - get_byte(sealed, length(sealed) - 1))`,
  `set_byte(sealed, 2, 255 - get_byte(sealed, 2))`,
  `(select o.sealed from fermata.connections o where o.name <> c.name limit 1)`,
]

/** A unit is one secret that is damaged. */
export const corruptSecrets: ChaosCase = {
  id: 'R11S',
  title: 'secrets damaged in the database',
  units: { T0: 0, T1: 500, T2: 1000 },
  perChunk: { one: 1000, three: 1000 },
  async run(ground, { seed, units }) {
    const outcome = await runServer(ground, seed, (stage) => damage(stage, units))
    return { ...outcome, faults: units }
  },
}

async function damage(stage: ServerStage, units: number): Promise<string[]> {
  const { database, start } = stage
  await prepare(stage, units)
  for (const [n, sql] of damages.entries()) {
    await database.pool.run(
      `update fermata.connections c set sealed = ${sql} where split_part(name, '-', 2)::int % $1 = $2`,
      [damages.length, n],
    )
  }
  const begun = performance.now()
  await stage.kill()
  const upAfterMs = Math.round(performance.now() - begun)
  for (let n = 0; n < units + healthy; n += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, units + healthy - n) }, (_, m) => n + m)
    await Promise.all(some.map((m) => start(String(m), '', m < units ? `uses-${m}` : 'calling')))
  }
  await stage.settle()
  const rows = await database.pool.query<{ broken: boolean; end: string; count: number }>(
    `select workflow like 'uses-%' as broken, status || ' ' || coalesce(error ->> 'code', '') as end, count(*)::int
     from fermata.executions group by 1, 2`,
  )
  const wrong = rows.filter(({ broken, end }) => end !== (broken ? 'error internal' : 'completed '))
  const count = rows.reduce((sum, row) => sum + row.count, 0)
  return [
    ...(upAfterMs <= upWithinMs ? [] : [`up only after ${upAfterMs} ms`]),
    ...(count === units + healthy ? [] : [`${count} of ${units + healthy} were started`]),
    ...wrong.map(({ broken, end, count }) => `${count} ${broken ? 'with' : 'without'} a secret ended ${end}`),
  ]
}

async function prepare({ database: { pool }, ledger, secretKey }: ServerStage, units: number): Promise<void> {
  const vault = createVault(parseMasterKeys(secretKey, 'the test'))
  for (let n = 0; n < units; n++) {
    await putConnection(pool, vault, {
      ...{ name: `broken-${n}`, type: 'http', settings: { baseUrl: ledger.url }, by: 'chaos' },
      secrets: { token: `secret-${n}` },
    })
    const config = { method: 'POST', url: '/', connection: `broken-${n}`, body: { json: {} } }
    await publish(pool, { key: `uses-${n}`, nodes: [{ id: 'a', type: 'http-request', config }], edges: [] })
  }
}
