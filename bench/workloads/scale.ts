// SCALE: the same load, carried by one, two and four processes on one database. Two cores cannot do more with more
// processes; what is judged is how little they disturb each other.

import { startChild } from '../run/children.ts'
import { openBenchDatabase } from '../run/database.ts'
import { chain } from '../run/documents.ts'
import { publish } from '../run/engine.ts'
import { median } from '../run/median.ts'
import type { BenchOptions, Row, Workload } from '../run/workload.ts'

/** Executions under way, over all processes: enough that each of four has its batches. */
const inFlight = 256
const nodes = 10
const counts = [1, 2, 4]
/** Of processor time, about: four on two cores take four times as long until their code is compiled as that of one. */
const warmUpMs = 2000

export const workload: Workload = {
  summary: 'W10 carried by one, two and four processes with 256 executions in flight in all',
  async run(options) {
    const database = await openBenchDatabase(2)
    try {
      await publish(database.pool, chain('w10', { type: 'set', nodes }))
      await publish(database.pool, chain('w10-effects', { type: 'nothing', nodes }))
      const sections: (Measured & { workflow: string })[] = []
      for (const workflow of ['w10', 'w10-effects']) {
        sections.push({ workflow, ...(await measure(database.url, workflow, options)) })
      }
      const worst = (count: number) =>
        Math.min(...sections.map(({ ratios }) => ratios.get(count) ?? Number.NaN))
      const bars = { 'scale.two': worst(2), 'scale.four': worst(4) }
      return sections.map(({ workflow, rows }, n) => ({
        title: `SCALE, ${workflow}, ${inFlight} in flight in all`,
        rows,
        ...(n === 0 ? {} : { bars }),
      }))
    } finally {
      await database.close()
    }
  },
}

interface Measured {
  /** To one process, by number of processes. */
  ratios: Map<number, number>
  rows: Row[]
}

async function measure(url: string, workflow: string, options: BenchOptions): Promise<Measured> {
  const { seconds, rounds } = options
  const rates = new Map(counts.map((count) => [count, [] as Rate[]]))
  for (let round = 0; round < rounds; round++) {
    for (const count of counts) {
      rates.get(count)?.push(await runWith(url, { workflow, count, ms: seconds * 1000 }))
    }
  }
  const of = (count: number, read: (rate: Rate) => number) => (rates.get(count) ?? []).map(read)
  const one = of(1, ({ perSecond }) => perSecond)
  const ratios = new Map(
    counts.map((count) => [
      count,
      median(of(count, ({ perSecond }) => perSecond).map((rate, n) => rate / (one[n] ?? Number.NaN))),
    ]),
  )
  const rows = counts.flatMap((count): Row[] => [
    {
      name: `${count} process${count > 1 ? 'es' : ''}`,
      value: median(of(count, ({ perSecond }) => perSecond)),
      unit: 'executions/s',
    },
    { name: '  to one process', value: ratios.get(count) ?? Number.NaN, unit: '×' },
    {
      name: '  CPU per 1,000 node runs, engines and load',
      value: median(of(count, ({ cpu }) => cpu)),
      unit: 's',
    },
    { name: '  saves per flush', value: median(of(count, ({ batch }) => batch)) },
  ])
  return { ratios, rows }
}

interface Rate {
  perSecond: number
  cpu: number
  batch: number
}

interface Run {
  workflow: string
  count: number
  ms: number
}

/** All processes start together; rates are added up. */
async function runWith(url: string, { workflow, count, ms }: Run): Promise<Rate> {
  const children = await Promise.all(
    Array.from({ length: count }, () => startChild({ url, concurrency: 256 })),
  )
  try {
    const share = inFlight / count
    const loadAll = (duration: number) =>
      Promise.all(
        children.map((child) => {
          child.order({ do: 'load', workflow, inFlight: share, ms: duration })
          return child.answer('loaded')
        }),
      )
    await loadAll(warmUpMs * count)
    const loads = await loadAll(ms)
    const sum = (read: (load: (typeof loads)[number]) => number) =>
      loads.reduce((all, load) => all + read(load), 0)
    const executions = sum((load) => load.executions)
    return {
      perSecond: sum((load) => load.executions / load.seconds),
      cpu: (sum(({ cpu }) => cpu) / executions / nodes) * 1000,
      batch: sum(({ saves }) => saves) / sum(({ flushes }) => flushes),
    }
  } finally {
    await Promise.all(children.map((child) => child.stop()))
  }
}
