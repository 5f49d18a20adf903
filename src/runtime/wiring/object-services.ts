// Records, bindings, locks and statements for node runs, with the rights of whoever started the execution.
import { AppError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { evaluatePath, maxBoundRecords } from '../../objects/evaluate-path.ts'
import { releaseLocks, takeChildLocks } from '../../objects/locks.ts'
import { recordsFor } from '../../objects/node-records.ts'
import type { RowPermissions } from '../../objects/permissions.ts'
import { getRecord } from '../../objects/records.ts'
import { runSql } from '../../objects/run-sql.ts'
import { runSqlElsewhere } from '../../objects/run-sql-elsewhere.ts'
import type { Records } from '../../sdk/node-type.ts'
import { ancestryOf } from '../../store/ancestry.ts'
import type { Pool } from '../../store/db.ts'
import type { Authority, EvaluatedBinding, Services, Target } from '../services.ts'
import { principalRows } from './row-permissions.ts'

type ObjectServices = Pick<
  Services,
  'records' | 'record' | 'evaluateBinding' | 'takeLocks' | 'releaseLocks' | 'sql'
>

export function createObjectServices(
  pool: Pool,
  remote: Pick<Services, 'connect' | 'connection'>,
): ObjectServices {
  const rowsFor = principalRows(pool)
  return {
    records: (authority) => recordsOf(pool, authority, rowsFor),
    async record({ principal }, key) {
      return getRecord(pool, { ...key, permissions: await rowsFor(principal) })
    },
    async evaluateBinding({ principal }, node, target) {
      const path = node.bind?.path ?? ''
      return bind(pool, { node: node.id, path, target, permissions: await rowsFor(principal) })
    },
    async takeLocks(execution, records, parent) {
      const child = { id: execution, ...(parent === undefined ? {} : { parent }) }
      const { taken, held = [] } = await takeChildLocks(pool, child, records)
      return { taken, held: held.map(({ collection, id }) => `${collection}/${id}`) }
    },
    async releaseLocks(execution) {
      await releaseLocks(pool, execution)
    },
    async sql(_authority, statement, { connection, ...options }) {
      if (connection === undefined) return runSql(pool, statement, options)
      const settings = await remote.connection(connection)
      const connect = (host: string, port: number) => remote.connect(host, port, options.signal)
      return runSqlElsewhere({ connect, settings }, statement, options)
    },
  }
}

/** Permissions and ancestry are looked up with the first use. */
function recordsOf(
  pool: Pool,
  { principal, execution }: Authority,
  rowsFor: (principal: string) => Promise<RowPermissions>,
): Records {
  let opened: Promise<Records> | undefined
  const open = async () => {
    const [permissions, line] = await Promise.all([rowsFor(principal), ancestryOf(pool, execution)])
    const ancestry = line.map((ancestor): JsonObject => ({ ...ancestor }))
    return recordsFor(pool, { permissions, ancestry })
  }
  const records = () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  return {
    create: async (collection, values) => (await records()).create(collection, values),
    update: async (collection, id, values) => (await records()).update(collection, id, values),
    remove: async (collection, id) => (await records()).remove(collection, id),
    get: async (collection, id) => (await records()).get(collection, id),
    query: async (collection, options) => (await records()).query(collection, options),
  }
}

interface Wanted {
  node: string
  path: string
  target: Target | undefined
  permissions: RowPermissions
}

/** An empty path is the target itself. */
async function bind(pool: Pool, { node, path, target, permissions }: Wanted): Promise<EvaluatedBinding> {
  if (!target) {
    const detail = `Node '${node}' is bound to records, but this execution has no target to start from.`
    throw new AppError('invalid-binding', detail)
  }
  const from = { from: target.collection, id: target.id }
  const found = await evaluatePath(pool, { ...from, path, permissions })
  if (found.values) {
    throw new AppError('invalid-binding', `The path of node '${node}' ends with a field, not with records.`)
  }
  if (found.truncated) {
    const detail = `The path of node '${node}' finds more than ${maxBoundRecords} records.`
    throw new AppError('limit-exceeded', detail, {
      why: { key: 'too-many-bound', node, limit: maxBoundRecords },
    })
  }
  const { collection, records, toOne } = found
  return { collection, records, toOne }
}
