// The real services of the runtime for tests that need them all: everybody sees all records.
import { revealConnection } from '../../src/access/vault/connections.ts'
import { knownHostsFor } from '../../src/access/vault/known-hosts.ts'
import type { Vault } from '../../src/access/vault/vault.ts'
import { evaluatePath } from '../../src/objects/evaluate-path.ts'
import { releaseLocks, takeChildLocks } from '../../src/objects/locks.ts'
import { recordsFor } from '../../src/objects/node-records.ts'
import { allRows } from '../../src/objects/permissions.ts'
import { getRecord } from '../../src/objects/records.ts'
import { runSql } from '../../src/objects/run-sql.ts'
import { createOutbound } from '../../src/runtime/outbound/outbound.ts'
import { createSandbox } from '../../src/runtime/sandbox/sandbox.ts'
import type { Services } from '../../src/runtime/services.ts'
import type { Pool } from '../../src/store/db.ts'

const permissions = allRows

function objectServices(
  pool: Pool,
): Omit<Services, 'http' | 'connect' | 'connection' | 'script' | 'knownHosts'> {
  return {
    records: () => recordsFor(pool, { permissions, ancestry: [] }),
    record: (_authority, key) => getRecord(pool, { ...key, permissions }),
    sql: (_authority, statement, options) => runSql(pool, statement, options),
    async evaluateBinding(_authority, node, target) {
      if (!target) return { collection: '', records: [], toOne: false }
      const { collection: from, id } = target
      return evaluatePath(pool, { path: node.bind?.path ?? '', from, id, permissions })
    },
    async takeLocks(execution, records, parent) {
      const child = { id: execution, ...(parent === undefined ? {} : { parent }) }
      const { taken, held = [] } = await takeChildLocks(pool, child, records)
      return { taken, held: held.map(({ collection, id }) => `${collection}/${id}`) }
    },
    async releaseLocks(execution) {
      await releaseLocks(pool, execution)
    },
  }
}

export function realServices(
  pool: Pool,
  vault: Vault,
  allow: readonly string[],
): { services: Services; close(): Promise<void> } {
  const outbound = createOutbound({ allow })
  const sandbox = createSandbox()
  const services: Services = {
    ...objectServices(pool),
    http: outbound.http,
    connect: outbound.connect,
    connection: async (name) => (await revealConnection(pool, vault, name)).settings,
    knownHosts: knownHostsFor(pool, 'test'),
    script: sandbox.run,
  }
  return {
    services,
    async close() {
      await Promise.all([outbound.close(), sandbox.close()])
    },
  }
}
