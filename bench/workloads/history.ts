// HISTORY: a million executions, ten million node runs. Every page of the list by every filter, alone and in pairs, for
// people who see everything and people who see little; alone and while executions run. And one large execution opened.
import type { WorkflowDocument } from '../../src/core/document.ts'
import { type History, openHistory, type Reader } from '../hist/open-history.ts'
import { depths, type PageGroup, pageGroups, type Query } from '../hist/pages.ts'
import { startLoad } from '../hist/steady-load.ts'
import { chain, input } from '../run/documents.ts'
import { complete, publish } from '../run/engine.ts'
import { median, percentile } from '../run/median.ts'
import type { BenchOptions, Row, Section, Workload } from '../run/workload.ts'

export const workload: Workload = {
  summary: '1,000,000 executions: p95 of each page of the list by each filter; open one with 1,000 node runs',
  async run(options) {
    const history = await openHistory(options.quick ? 20_000 : 1_000_000)
    try {
      const { pool } = history.bench.database
      await publish(pool, chain('w10', { type: 'set', nodes: 10 }))
      await publish(pool, thousand)
      const open = await measureOpen(history, options)
      const alone = await measureGroups(history, options)
      const load = startLoad(history.bench)
      const busy = await measureGroups(history, { ...options, rounds: 1 })
      const { perSecond } = await load.stop()
      return [
        pageSection('List of executions, nothing else runs', alone, true),
        pageSection(`List of executions, W10 at ${perSecond.toFixed(0)} executions/s beside it`, busy, false),
        open,
      ]
    } finally {
      await history.close()
    }
  },
}

const thousand: WorkflowDocument = {
  format: 'fermata/1',
  key: 'thousand',
  title: 'thousand',
  nodes: [
    { id: 'each', type: 'loop', config: { times: 999 } },
    {
      id: 'body',
      type: 'set',
      parent: 'each',
      config: { values: { i: '{{ index }}', pad: '{{ inputs.pad }}' } },
    },
  ],
  edges: [],
}

interface Measured {
  name: string
  times: number[]
}

async function measureGroups(history: History, { rounds }: BenchOptions): Promise<Measured[]> {
  const { pool } = history.bench.database
  const cursors = await depths(pool, history.executions)
  const measured: Measured[] = []
  for (const group of await pageGroups(pool, history.executions))
    measured.push({ name: group.name, times: await measureGroup(history, group, { cursors, rounds }) })
  return measured
}

/** The first round finds pages nobody has read for long; it counts like the others. */
async function measureGroup(
  history: History,
  { queries }: PageGroup,
  { cursors, rounds }: { cursors: (string | undefined)[]; rounds: number },
): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++)
    for (const reader of ['admin', 'some', 'few'] as const)
      for (const query of queries)
        for (const cursor of cursors)
          times.push(await measurePage(history, reader, { ...query, ...(cursor ? { cursor } : {}) }))
  return times
}

async function measurePage(history: History, reader: Reader, query: Query): Promise<number> {
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))
  const { ms } = await history.get(reader, `/api/v1/executions?${search}`)
  if (ms > 50 && process.env.HISTORY_SLOW) process.stderr.write(`${ms.toFixed(0)} ms ${reader} ${search}\n`)
  return ms
}

function pageSection(title: string, groups: Measured[], counts: boolean): Section {
  const all = groups.flatMap(({ times }) => times)
  const worst = Math.max(...groups.map(({ times }) => percentile(times, 0.95)))
  const rows: Row[] = groups.map(({ name, times }) => ({
    name: `${name}, p95`,
    value: percentile(times, 0.95),
    unit: 'ms',
  }))
  return {
    title,
    rows: [
      { name: 'pages read', value: all.length },
      { name: 'any page, p50', value: median(all), unit: 'ms' },
      { name: 'any page, p95', value: percentile(all, 0.95), unit: 'ms' },
      { name: 'any page, p99', value: percentile(all, 0.99), unit: 'ms' },
      ...rows,
    ],
    ...(counts ? { bars: { 'history.page': percentile(all, 0.95), 'history.filter': worst } } : {}),
  }
}

/** As the console does: the execution with its document, then all its node runs, page by page. */
async function measureOpen(history: History, { rounds }: BenchOptions): Promise<Section> {
  const id = await complete(history.bench.engine, { workflow: 'thousand', inputs: input })
  const times: number[] = []
  let runs = 0
  for (let round = 0; round < Math.max(5, rounds); round++) {
    const opened = await openOnce(history, id)
    times.push(opened.ms)
    runs = opened.runs
  }
  return {
    title: `An execution of ${runs} node runs opened`,
    rows: [
      { name: 'the execution and all its node runs', value: median(times), unit: 'ms' },
      { name: 'the slowest of them', value: Math.max(...times), unit: 'ms' },
    ],
    bars: { 'history.open': Math.max(...times) },
  }
}

async function openOnce(history: History, id: string): Promise<{ ms: number; runs: number }> {
  let { ms } = await history.get('admin', `/api/v1/executions/${id}`)
  let runs = 0
  for (let cursor: unknown = ''; cursor !== undefined; ) {
    const page = await history.get(
      'admin',
      `/api/v1/executions/${id}/node-runs?limit=2000${cursor ? `&cursor=${cursor}` : ''}`,
    )
    ms += page.ms
    runs += (page.body.items as unknown[]).length
    cursor = page.body.next
  }
  return { ms, runs }
}
