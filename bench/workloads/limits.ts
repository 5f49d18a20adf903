// What this machine can do at most, without an engine: the numbers that ours are divided by.
import { bareEffects, bareInline } from '../limits/bare-loop.ts'
import { flushTime } from '../limits/fdatasync.ts'
import { insertLoop } from '../limits/insert-loop.ts'
import { roundTrips } from '../limits/one-insert.ts'
import { type BenchDatabase, openBenchDatabase } from '../run/database.ts'
import { median } from '../run/median.ts'
import type { BenchOptions, Row, Workload } from '../run/workload.ts'

export const workload: Workload = {
  summary: 'the machine without an engine: disk, round trip, commits, rows of ours in a bare loop',
  async run(options) {
    const database = await openBenchDatabase()
    try {
      return [{ title: 'Limits of this machine', rows: await measureAll(database, options) }]
    } finally {
      await database.close()
    }
  },
}

async function measureAll(
  { pool, dataDir }: BenchDatabase,
  { seconds, rounds }: BenchOptions,
): Promise<Row[]> {
  const ms = seconds * 200
  const limits: Record<string, { unit: string; measure(): Promise<number> | number }> = {
    'write and flush of one page': { unit: 'ms', measure: () => flushTime(dataDir) },
    'round trip of a statement': { unit: 'ms', measure: async () => (await roundTrips(pool)).statement },
    'round trip and commit of one row': { unit: 'ms', measure: async () => (await roundTrips(pool)).commit },
    'one-row commits, 1 connection': { unit: '/s', measure: () => insertLoop(pool, { connections: 1, ms }) },
    'one-row commits, 16 connections': {
      unit: '/s',
      measure: () => insertLoop(pool, { connections: 16, ms }),
    },
    'bare loop, W10 inline, 64 a statement': {
      unit: 'executions/s',
      measure: async () => (await bareInline(pool, { batch: 64, ms })).perSecond,
    },
    'bare loop, effects, 64 a statement': {
      unit: 'node runs/s',
      measure: async () => (await bareEffects(pool, { batch: 64, ms })).perSecond,
    },
    'bare loop, effects, 1 a statement': {
      unit: 'node runs/s',
      measure: async () => (await bareEffects(pool, { batch: 1, ms })).perSecond,
    },
  }
  const taken = new Map(Object.keys(limits).map((name) => [name, [] as number[]]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, { measure }] of Object.entries(limits)) taken.get(name)?.push(await measure())
  }
  return Object.entries(limits).map(([name, { unit }]) => ({
    name,
    value: median(taken.get(name) ?? []),
    unit,
  }))
}
