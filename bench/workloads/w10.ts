// W10: ten nodes in a row. Inline nodes: one commit per execution. Effect nodes: each dispatch and result committed.
import { bareEffects, bareInline, barePacked } from '../limits/bare-loop.ts'
import { roundTrips } from '../limits/one-insert.ts'
import { openBenchDatabase } from '../run/database.ts'
import { chain, input } from '../run/documents.ts'
import { type Bench, complete, openBench, publish } from '../run/engine.ts'
import { costRows, type Load, runLoad } from '../run/load.ts'
import { median } from '../run/median.ts'
import type { BenchOptions, Section, Workload } from '../run/workload.ts'

const inFlight = 64
const nodes = 10

export const workload: Workload = {
  summary: 'ten nodes in a row: inline, as committed effects, and one execution of effects alone',
  async run(options) {
    const database = await openBenchDatabase()
    const bench = await openBench(database)
    try {
      await publish(database.pool, chain('w10', { type: 'set', nodes }))
      await publish(database.pool, chain('w10-effects', { type: 'nothing', nodes }))
      return [
        await measureInline(bench, options),
        await measureEffects(bench, options),
        await measureAlone(bench, options),
      ]
    } finally {
      await bench.engine.stop()
      await database.close()
    }
  },
}

async function measureInline(bench: Bench, options: BenchOptions): Promise<Section> {
  const { ours, bare } = await interleave(options, {
    ours: (ms) => runLoad(bench, { workflow: 'w10', inputs: input, inFlight, ms }),
    bare: (ms) => bareInline(bench.database.pool, { batch: inFlight, ms }),
  })
  const { pool } = bench.database
  const packed: number[] = []
  for (let round = 0; round < options.rounds; round++)
    packed.push((await barePacked(pool, { batch: inFlight, ms: options.seconds * 500 })).perSecond)
  const rates = ours.map(({ executions, seconds }) => executions / seconds)
  return {
    title: `W10 inline, ${inFlight} in flight`,
    rows: [
      { name: 'executions', value: median(rates), unit: '/s', limit: median(bare), limitIs: 'bare loop' },
      {
        name: 'node runs',
        value: median(rates) * nodes,
        unit: '/s',
        limit: median(packed) * nodes,
        limitIs: 'bare loop with the node runs of an execution in one row',
      },
      ...costRows(ours, nodes),
    ],
    bars: { 'inline.bare': ratioOf(rates, bare) },
  }
}

async function measureEffects(bench: Bench, options: BenchOptions): Promise<Section> {
  const { ours, bare } = await interleave(options, {
    ours: (ms) => runLoad(bench, { workflow: 'w10-effects', inputs: input, inFlight, ms }),
    bare: (ms) => bareEffects(bench.database.pool, { batch: inFlight, ms }),
  })
  const rates = ours.map(({ executions, seconds }) => (executions / seconds) * nodes)
  return {
    title: `W10 effects, ${inFlight} in flight`,
    rows: [
      { name: 'node runs', value: median(rates), unit: '/s', limit: median(bare), limitIs: 'bare loop' },
      ...costRows(ours, nodes),
    ],
    bars: { 'effects.bare': ratioOf(rates, bare) },
  }
}

interface Sides {
  ours(ms: number): Promise<Load>
  bare(ms: number): Promise<{ perSecond: number }>
}

/** Ours and the bare loop in turn, so that both see the same machine. */
async function interleave({ seconds, rounds }: BenchOptions, sides: Sides) {
  const ms = seconds * 1000
  await sides.ours(Math.min(ms, 1000))
  const ours: Load[] = []
  const bare: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(await sides.ours(ms))
    bare.push((await sides.bare(ms)).perSecond)
  }
  return { ours, bare }
}

/** Median of the ratios round by round: a slow minute of the machine slows both. */
function ratioOf(rates: readonly number[], bare: readonly number[]): number {
  return median(rates.map((rate, n) => rate / (bare[n] ?? Number.NaN)))
}

/** An effect that takes no time, one execution after the other: what is left is the way to the disk and back. */
async function measureAlone(bench: Bench, { rounds }: BenchOptions): Promise<Section> {
  const { pool } = bench.database
  const ours: Alone[] = []
  const bare: number[] = []
  const commits: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(await runAlone(bench))
    bare.push(1000 / (await bareEffects(pool, { batch: 1, ms: 500 })).perSecond)
    commits.push((await roundTrips(pool, 200)).commit)
  }
  const p50 = ours.map(({ ms }) => ms)
  return {
    title: 'W10 effects, one alone',
    rows: [
      {
        name: 'p50 per node run',
        value: median(p50),
        unit: 'ms',
        limit: median(bare),
        limitIs: 'round trip + commit of the same rows',
      },
      { name: 'round trip + commit of one small row', value: median(commits), unit: 'ms' },
      { name: 'commits per execution', value: median(ours.map(({ flushes }) => flushes)) },
    ],
    bars: { 'alone.commit': ratioOf(p50, bare) },
  }
}

interface Alone {
  /** Median per node run. */
  ms: number
  /** Median per execution. */
  flushes: number
}

async function runAlone({ engine }: Bench, executions = 20): Promise<Alone> {
  const { figures } = engine.core.committer
  const times: number[] = []
  const flushes: number[] = []
  for (let n = 0; n < executions; n++) {
    const before = figures.flushes
    const started = performance.now()
    await complete(engine, { workflow: 'w10-effects', inputs: input })
    times.push((performance.now() - started) / nodes)
    flushes.push(figures.flushes - before)
  }
  return { ms: median(times), flushes: median(flushes) }
}
