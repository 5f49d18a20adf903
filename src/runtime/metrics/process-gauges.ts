// What is read from the operating system, from Node and from the parts of the engine when somebody asks.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Pool } from '../../store/db.ts'
import type { Registry } from './registry.ts'

export interface EngineParts {
  /** Effects under way. */
  running(): number
  /** Effects there is room for. */
  capacity: number
  /** Executions in memory. */
  inMemory(): number
  /** Saves that wait for their flush. */
  savesWaiting(): number
}

export function addEngineGauges(registry: Registry, parts: EngineParts): void {
  const plain = (name: string, help: string, read: () => number) =>
    registry.gauge({ name, help }, () => [{ value: read() }])
  plain('fermata_effects_running', 'Effects under way in this process.', parts.running)
  plain('fermata_effects_capacity', 'Effects this process runs at the same time.', () => parts.capacity)
  plain('fermata_executions_in_memory', 'Executions this process has at hand.', parts.inMemory)
  plain('fermata_saves_waiting', 'Saves that wait for the next commit of this process.', parts.savesWaiting)
}

export function addPoolGauges(registry: Registry, pools: Readonly<Record<string, Pick<Pool, 'use'>>>): void {
  registry.gauge(
    {
      name: 'fermata_pool_connections',
      help: 'Connections to the database of this process.',
      labels: ['pool', 'state'],
    },
    () =>
      Object.entries(pools).flatMap(([name, pool]) => {
        const { open, idle } = pool.use()
        return [
          { labels: [name, 'busy'], value: open - idle },
          { labels: [name, 'idle'], value: idle },
        ]
      }),
  )
  registry.gauge(
    { name: 'fermata_pool_waiting', help: 'Statements that wait for a connection.', labels: ['pool'] },
    () => Object.entries(pools).map(([name, pool]) => ({ labels: [name], value: pool.use().waiting })),
  )
}

/** Under the names that dashboards for Node know. */
export function addProcessGauges(registry: Registry): void {
  const plain = (name: string, help: string, read: () => number) =>
    registry.gauge({ name, help }, () => [{ value: read() }])
  const cpu = () => {
    const { user, system } = process.cpuUsage()
    return [{ value: (user + system) / 1e6 }]
  }
  const startedAt = Math.round(Date.now() / 1000 - process.uptime())
  registry.gauge(
    { name: 'process_cpu_seconds_total', help: 'CPU time of this process.', type: 'counter' },
    cpu,
  )
  plain('process_start_time_seconds', 'When this process started, since 1970.', () => startedAt)
  plain('process_resident_memory_bytes', 'Resident memory of this process.', () => process.memoryUsage.rss())
  plain('nodejs_heap_used_bytes', 'Heap in use.', () => process.memoryUsage().heapUsed)
  registry.gauge(
    {
      name: 'nodejs_eventloop_lag_seconds',
      help: 'By how much the event loop was late since this was last asked.',
      labels: ['quantile'],
    },
    readLag,
  )
}

const resolutionMs = 20
let delays: ReturnType<typeof monitorEventLoopDelay> | undefined

/** Measured from the first question on: nobody who does not ask pays for it. */
function readLag(): { labels: string[]; value: number }[] {
  if (!delays) {
    delays = monitorEventLoopDelay({ resolution: resolutionMs })
    delays.enable()
  }
  const lag = (nanoseconds: number) => Math.max(0, (nanoseconds || 0) / 1e9 - resolutionMs / 1000)
  const samples = [
    { labels: ['0.5'], value: lag(delays.percentile(50)) },
    { labels: ['0.99'], value: lag(delays.percentile(99)) },
    { labels: ['1'], value: lag(delays.max) },
  ]
  delays.reset()
  return samples
}
