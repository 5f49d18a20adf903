// W1: an execution of one node started by HTTP, answered after the commit. Server, database and load generator are
// processes of their own and share the cores.
import { rmSync } from 'node:fs'
import type { Pool } from '../../src/store/db.ts'
import { startBareHttp } from '../limits/bare-http.ts'
import { makeDataFolder, readWal } from '../run/database.ts'
import { chain, input } from '../run/documents.ts'
import { publish } from '../run/engine.ts'
import type { HttpFigures, HttpLoad } from '../run/http-load.ts'
import { median } from '../run/median.ts'
import { familyCpu } from '../run/proc.ts'
import { runHttpLoad } from '../run/run-http-load.ts'
import { type BenchServer, startServer, tokenFor } from '../run/server.ts'
import type { BenchOptions, Section, Workload } from '../run/workload.ts'

const workflow = 'w1'
const connections = 64

export const workload: Workload = {
  summary: 'POST /api/v1/executions with a token, one node, answered after the commit',
  async run(options) {
    const folder = makeDataFolder()
    const server = await startServer(folder)
    const bare = await startBareHttp()
    try {
      await publish(server.pool, chain(workflow, { type: 'set', nodes: 1 }))
      const load = requestTo(server.url, await tokenFor(server.pool))
      return [await measure(server, { ...options, load, bareUrl: bare.url })]
    } finally {
      await bare.stop()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

type Request = Omit<HttpLoad, 'connections' | 'ms'>

function requestTo(url: string, token: string): Request {
  return {
    url: `${url}/api/v1/executions`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ workflow, inputs: input }),
  }
}

interface Round extends HttpFigures {
  serverCpu: number
  databaseCpu: number
  walBytes: number
}

async function measure(
  server: BenchServer,
  { seconds, rounds, load, bareUrl }: BenchOptions & { load: Request; bareUrl: string },
): Promise<Section> {
  const ms = seconds * 1000
  await runHttpLoad({ ...load, connections, ms: Math.min(ms, 2000) })
  const ours: Round[] = []
  const bare: number[] = []
  const alone: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(await runRound(server, { ...load, connections, ms }))
    const limit = await runHttpLoad({ ...load, url: bareUrl, connections, ms: ms / 2 })
    bare.push(limit.answers / limit.seconds)
    alone.push((await runHttpLoad({ ...load, connections: 1, ms: ms / 5 })).p50)
  }
  const of = (read: (round: Round) => number) => median(ours.map(read))
  const rate = of(({ answers, seconds: taken }) => answers / taken)
  const per = (read: (round: Round) => number) => of((round) => (read(round) / round.answers) * 1000)
  return {
    title: `W1, start by HTTP, ${connections} connections`,
    rows: [
      { name: 'executions', value: rate, unit: '/s', limit: median(bare), limitIs: 'bare node:http' },
      { name: 'answered after, p50', value: of(({ p50 }) => p50), unit: 'ms' },
      { name: 'answered after, p99', value: of(({ p99 }) => p99), unit: 'ms' },
      { name: 'answered after, one connection, p50', value: median(alone), unit: 'ms' },
      { name: 'CPU per 1,000 executions, server', value: per(({ serverCpu }) => serverCpu), unit: 's' },
      {
        name: 'CPU per 1,000 executions, PostgreSQL',
        value: per(({ databaseCpu }) => databaseCpu),
        unit: 's',
      },
      { name: 'CPU per 1,000 executions, load generator', value: per(({ cpu }) => cpu), unit: 's' },
      { name: 'WAL per execution', value: per(({ walBytes }) => walBytes) / 1000, unit: 'B' },
    ],
    bars: { 'start.rate': rate },
  }
}

/** Whatever was answered must be there afterwards. */
async function runRound({ pid, postmaster, pool }: BenchServer, load: HttpLoad): Promise<Round> {
  const database = familyCpu(postmaster)
  const both = familyCpu(pid, postmaster)
  const wal = await readWal(pool)
  const before = await countCompleted(pool)
  const figures = await runHttpLoad(load)
  const databaseCpu = familyCpu(postmaster) - database
  const serverCpu = familyCpu(pid, postmaster) - both - databaseCpu
  const walBytes = (await readWal(pool)) - wal
  const there = (await countCompleted(pool)) - before
  if (there !== figures.answers) throw new Error(`${figures.answers} were answered, ${there} are there`)
  return { ...figures, serverCpu, databaseCpu, walBytes }
}

async function countCompleted(pool: Pool): Promise<number> {
  const [row] = await pool.query<{ n: number }>(
    `select count(*)::int as n from fermata.executions where status = 'completed'`,
  )
  return row?.n ?? 0
}
