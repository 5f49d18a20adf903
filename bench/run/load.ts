// A closed loop of executions, and what it cost.
import type { JsonObject } from '../../src/core/json.ts'
import { type Bench, complete } from './engine.ts'
import { median } from './median.ts'
import type { Row } from './workload.ts'

export interface Load {
  executions: number
  seconds: number
  transactions: number
  walBytes: number
  engineCpu: number
  databaseCpu: number
}

export interface LoadOptions {
  workflow: string
  inputs?: JsonObject
  inFlight: number
  ms: number
}

/** Keeps `inFlight` executions going, each checked to have completed. The loop itself runs with the engine. */
export async function runLoad(bench: Bench, { workflow, inputs, inFlight, ms }: LoadOptions): Promise<Load> {
  const { database, engine } = bench
  const transactions = bench.transactions()
  const walBytes = await database.walBytes()
  const cpu = process.cpuUsage()
  const databaseCpu = database.cpuSeconds()
  const started = performance.now()
  const until = started + ms
  let executions = 0
  const one = async (): Promise<void> => {
    while (performance.now() < until) {
      await complete(engine, { workflow, ...(inputs ? { inputs } : {}) })
      executions++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  const seconds = (performance.now() - started) / 1000
  const used = process.cpuUsage(cpu)
  return {
    executions,
    seconds,
    transactions: bench.transactions() - transactions,
    walBytes: (await database.walBytes()) - walBytes,
    engineCpu: (used.user + used.system) / 1e6,
    databaseCpu: database.cpuSeconds() - databaseCpu,
  }
}

/** What the loads cost per node run; medians. */
export function costRows(loads: readonly Load[], runsPerExecution: number): Row[] {
  const per = (read: (load: Load) => number): number =>
    median(loads.map((load) => read(load) / load.executions / runsPerExecution))
  return [
    {
      name: 'transactions per execution',
      value: median(loads.map((load) => load.transactions / load.executions)),
    },
    {
      name: 'CPU per 1,000 node runs, engine and load',
      value: per((load) => load.engineCpu * 1000),
      unit: 's',
    },
    { name: 'CPU per 1,000 node runs, PostgreSQL', value: per((load) => load.databaseCpu * 1000), unit: 's' },
    { name: 'WAL per node run', value: per((load) => load.walBytes), unit: 'B' },
  ]
}
