// One run of a chaos test against the whole server: started over HTTP, its effects are HTTP requests to the ledger.
import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { publish } from '../../helpers/engine.ts'
import type { ChaosDatabase, Ground } from './ground.ts'
import { groupLines, type Ledger, openLedger } from './ledger.ts'
import { judge, type Sent } from './oracle.ts'
import { type Random, seeded } from './random.ts'
import type { Outcome } from './run-chaos.ts'
import { adminHeaders, type ServerProcess, startServer } from './server-process.ts'

export interface ServerStage {
  ground: Ground
  database: ChaosDatabase
  ledger: Ledger
  server: ServerProcess
  random: Random
  /** Seals what is secret. */
  secretKey: string
  /** Starts an execution, by default of `calling`. */
  start(key: string, text?: string, workflow?: string): Promise<Answer>
  /** Kills the server and starts another one. */
  kill(): Promise<void>
  /** Until nothing is queued any more. */
  settle(): Promise<void>
}

export interface Answer {
  /** 0: there was none. */
  status: number
  ms: number
  retryAfter: string | null
}

const settleWithinMs = 120_000
const mostExplained = 20

/** One request to the ledger, which writes it down. */
function calling(ledger: string) {
  const call = { execution: '{{ execution.id }}', run: 'a', attempt: 1, key: '{{ execution.id }}' }
  const json = { ...call, pid: 0, bodyHash: 0, behave: {} }
  return {
    key: 'calling',
    inputs: { type: 'object', properties: { text: { type: 'string' } } },
    nodes: [{ id: 'a', type: 'http-request', config: { method: 'POST', url: ledger, body: { json } } }],
    edges: [],
  }
}

/** `faults` says what went wrong by itself. */
export async function runServer(
  ground: Ground,
  seed: number,
  faults: (stage: ServerStage) => Promise<readonly string[]>,
): Promise<Outcome> {
  const startedAt = performance.now()
  const database = await ground.createDatabase()
  const folder = await mkdtemp(join(ground.folder, 'ledgers', 's-'))
  const ledger = await openLedger(folder)
  await publish(database.pool, calling(ledger.url) as never)
  const secretKey = randomBytes(32).toString('hex')
  const variables = {
    DATABASE_URL: database.url,
    FERMATA_DATA: folder,
    FERMATA_SECRET_KEY: secretKey,
    FERMATA_OUTBOUND_ALLOW: '127.0.0.1',
    FERMATA_LOG_LEVEL: 'debug',
  }
  const starts: Sent['starts'][number][] = []
  let kills = 0
  let server = await startServer(variables)
  const stage: ServerStage = {
    ...{ ground, database, ledger, secretKey, random: seeded(seed) },
    get server() {
      return server
    },
    start: startsWith(await adminHeaders(database.pool), starts, () => server.url),
    async kill() {
      kills++
      server.signal('SIGKILL')
      await server.ended
      server = await startServer(variables)
    },
    settle: () => settle(database),
  }
  try {
    const problems = [...(await faults(stage))]
    await stage.settle()
    const lines = ledger.read()
    const sent = { starts, answers: [], acts: [] }
    const judgement = await judge({ pool: database.pool, lines: [], documents: new Map(), sent })
    if (!server.isAlive) problems.push('the server went away by itself')
    problems.push(...checkCalls(starts, lines, kills))
    for (const what of problems) judgement.violations.push({ rule: 'R', execution: '', what })
    for (const { rule, execution, what } of judgement.violations.slice(0, mostExplained))
      console.error(`${rule} ${execution} ${what}`)
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    return { ...judgement, seed, kills, worstRecoveryMs: 0, seconds, complaints: [] }
  } finally {
    server.signal('SIGKILL')
    await server.ended
    await ledger.close()
    await database.drop()
  }
}

function startsWith(
  headers: Record<string, string>,
  starts: Sent['starts'][number][],
  url: () => string,
): ServerStage['start'] {
  return async (key, text = '', workflow = 'calling') => {
    const record: { key: string; execution?: string } = { key: `api:${workflow}:${key}` }
    starts.push(record)
    const body = JSON.stringify({ workflow, inputs: text ? { text } : {}, dedupKey: key })
    const begun = performance.now()
    try {
      const response = await fetch(`${url()}/api/v1/executions`, { method: 'POST', headers, body })
      const answer = (await response.json()) as { id?: string }
      if (response.ok && answer.id) record.execution = answer.id
      const retryAfter = response.headers.get('retry-after')
      return { status: response.status, ms: performance.now() - begun, retryAfter }
    } catch {
      return { status: 0, ms: performance.now() - begun, retryAfter: null }
    }
  }
}

async function settle({ pool }: ChaosDatabase): Promise<void> {
  const until = Date.now() + settleWithinMs
  while (Date.now() < until && (await pool.query('select from fermata.queue limit 1')).length > 0)
    await pause(100)
}

/** What was acknowledged was done, once: twice, or not at all, only where its process was killed. */
function checkCalls(starts: Sent['starts'], lines: ReturnType<Ledger['read']>, kills: number): string[] {
  const calls = groupLines(lines, ({ execution }) => execution)
  return starts.flatMap(({ execution }) => {
    const count = execution === undefined ? 1 : (calls.get(execution)?.length ?? 0)
    return count === 1 || (kills > 0 && count === 0)
      ? []
      : [`the effect of ${execution} was done ${count} times`]
  })
}
