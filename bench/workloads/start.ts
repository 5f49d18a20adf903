// START: how long the server takes on an existing database, and what it takes while nothing happens.
import { readFileSync, rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Pool } from '../../src/store/db.ts'
import { openPool } from '../../src/store/db.ts'
import { makeDataFolder } from '../run/database.ts'
import { openEngine, publish } from '../run/engine.ts'
import { inFlight } from '../run/in-flight.ts'
import { median } from '../run/median.ts'
import { familyCpu, familyMemory } from '../run/proc.ts'
import { type BenchServer, startServer } from '../run/server.ts'
import type { BenchOptions, Section, Workload } from '../run/workload.ts'

export const workload: Workload = {
  summary: 'until ready with an existing database; memory and CPU of the idle server with 10,000 waiting',
  async run(options) {
    const waiting = options.quick ? 500 : 10_000
    const folder = makeDataFolder()
    try {
      await prepare(folder, waiting)
      const ready = await measureReady(folder, options)
      const idle = await measureIdle(folder, options)
      return [summarise({ ready, idle, waiting })]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** A database that has been used, with executions that wait for tomorrow. */
async function prepare(folder: string, waiting: number): Promise<void> {
  const server = await startServer(folder)
  try {
    await startWaiting(server.pool, waiting)
  } finally {
    await server.stop()
  }
}

async function startWaiting({ config }: Pool, count: number): Promise<void> {
  const pool = openPool({ ...config, max: 8 })
  const engine = await openEngine(pool)
  try {
    await publish(pool, {
      ...{ format: 'fermata/1', key: 'wait', title: 'Wait' },
      nodes: [{ id: 'tomorrow', type: 'delay', config: { for: '1d' } }],
      edges: [],
    })
    await inFlight({ count, atOnce: 64 }, () => engine.start({ workflow: 'wait', by: { name: 'bench' } }))
  } finally {
    await engine.stop()
    await pool.close()
  }
}

async function measureReady(folder: string, { rounds }: BenchOptions): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const server = await startServer(folder)
    times.push(server.readyAfter)
    await server.stop()
  }
  return times
}

interface Idle {
  /** Megabytes; of the processes of PostgreSQL, pages they share counted once. */
  server: number
  database: number
  /** Percent of one core. */
  cpu: number
}

async function measureIdle(folder: string, { rounds, quick }: BenchOptions): Promise<Idle[]> {
  const server = await startServer(folder)
  try {
    await pause(quick ? 2000 : 20_000)
    const samples: Idle[] = []
    for (let round = 0; round < rounds; round++) samples.push(await observe(server, quick ? 2000 : 10_000))
    return samples
  } finally {
    await server.stop()
  }
}

async function observe({ pid, postmaster }: BenchServer, ms: number): Promise<Idle> {
  const cpu = () => familyCpu(pid, postmaster)
  const before = cpu()
  const started = performance.now()
  await pause(ms)
  return {
    cpu: ((cpu() - before) / (performance.now() - started)) * 1000 * 100,
    server: rssOf(pid),
    database: familyMemory(postmaster),
  }
}

function rssOf(pid: number): number {
  const [, kb] = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+)/m) ?? []
  return Number(kb) / 1024
}

function summarise({ ready, idle, waiting }: { ready: number[]; idle: Idle[]; waiting: number }): Section {
  const of = (read: (sample: Idle) => number) => median(idle.map(read))
  const memory = of(({ server, database }) => server + database)
  const cpu = of((sample) => sample.cpu)
  return {
    title: `START and idle, ${waiting.toLocaleString('en-US')} waiting`,
    rows: [
      { name: 'process start to ready', value: median(ready), unit: 's' },
      { name: 'memory idle', value: memory, unit: 'MB' },
      { name: 'of this the server (RSS)', value: of(({ server }) => server), unit: 'MB' },
      { name: 'of this PostgreSQL (PSS)', value: of(({ database }) => database), unit: 'MB' },
      { name: 'CPU idle, server and PostgreSQL', value: cpu, unit: '% of a core' },
    ],
    bars: { 'ready.time': median(ready), 'idle.memory': memory, 'idle.cpu': cpu },
  }
}
