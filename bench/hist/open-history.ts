// The seeded history with the whole application on it.
import { loadCaller } from '../../src/access/callers.ts'
import { setGrant } from '../../src/access/grants.ts'
import type { Caller } from '../../src/access/permissions.ts'
import { createRole } from '../../src/access/roles.ts'
import { createUser, findUserByName } from '../../src/access/users.ts'
import { createApp } from '../../src/api/create-app.ts'
import { checkDocuments } from '../../src/check-documents.ts'
import type { Pool } from '../../src/store/db.ts'
import { openDatabaseIn } from '../run/database.ts'
import { type Bench, openBench } from '../run/engine.ts'
import { keepHistory } from './keep-history.ts'
import { workflowKey } from './seed.ts'

/** `admin` sees everything; `some` three workflows of which one runs often, `few` two that hardly run. */
const seenBy = { some: [0, 20, 47], few: [47, 48] } as const
export type Reader = 'admin' | keyof typeof seenBy

export interface History {
  bench: Bench
  executions: number
  /** Milliseconds and answer of one request, through the application but not the network. */
  get(reader: Reader, path: string): Promise<{ ms: number; body: Record<string, unknown> }>
  close(): Promise<void>
}

export async function openHistory(executions: number): Promise<History> {
  const database = await openDatabaseIn(await keepHistory(executions))
  const { pool } = database
  // What a run added that was killed.
  await removeOthers(pool, executions)
  const bench = await openBench(database)
  const callers = await makeReaders(pool)
  const app = await createApp({
    db: pool,
    engine: bench.engine,
    checkDocument: checkDocuments(pool, bench.engine.nodeTypes),
    help: new Map(),
    consoleRoot: '/nowhere',
    version: '0',
    localToken: async (token) => callers[token as Reader],
  })
  await app.ready()
  return {
    bench,
    executions,
    async get(reader, url) {
      const before = performance.now()
      const answer = await app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${reader}` } })
      const ms = performance.now() - before
      if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.body}`)
      return { ms, body: answer.json() }
    },
    async close() {
      await app.close()
      await bench.engine.stop()
      await removeOthers(pool, executions)
      await database.close()
    },
  }
}

async function makeReaders(pool: Pool): Promise<Record<Reader, Caller | undefined>> {
  const callers: Partial<Record<Reader, Caller | undefined>> = {}
  for (const name of ['admin', 'some', 'few'] as const) {
    const user = (await findUserByName(pool, name)) ?? (await makeReader(pool, name))
    callers[name] = await loadCaller(pool, user.id, { via: 'cli' })
  }
  return callers as Record<Reader, Caller | undefined>
}

async function makeReader(pool: Pool, name: Reader) {
  if (name === 'admin') return createUser(pool, { name, roles: ['admin'] })
  await createRole(pool, { name })
  for (const n of seenBy[name]) await setGrant(pool, { role: name, workflow: workflowKey(n), grant: 'view' })
  return createUser(pool, { name, roles: [name] })
}

/** What this run added: the next one shall find what this one found. */
async function removeOthers(pool: Pool, executions: number): Promise<void> {
  for (const [table, column] of [
    ['node_runs', 'execution_id'],
    ['executions', 'id'],
  ])
    await pool.run(`delete from fermata.${table} where ${column} > $1`, [executions])
}
