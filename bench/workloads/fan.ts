// FAN: one execution with 1,000 branches at once and a join that reads what they gave.
import type { WorkflowDocument } from '../../src/core/document.ts'
import { bareInline } from '../limits/bare-loop.ts'
import { openBenchDatabase } from '../run/database.ts'
import { type Bench, complete, openBench, publish } from '../run/engine.ts'
import { median } from '../run/median.ts'
import type { Row, Workload } from '../run/workload.ts'

export const workload: Workload = {
  summary:
    '1,000 branches of one node and their join: over a list, inline and as effects, and drawn as edges',
  async run({ rounds, quick }) {
    const width = quick ? 200 : 1000
    const variants: Record<string, WorkflowDocument> = {
      'list, inline': overList('fan-inline', 'set', width),
      'list, effects': overList('fan-effects', 'nothing', width),
      'edges, effects': byEdges('fan-edges', width),
    }
    const database = await openBenchDatabase()
    const bench = await openBench(database, { concurrency: width })
    try {
      const rows: Row[] = []
      for (const [name, document] of Object.entries(variants)) {
        rows.push(await measure(bench, { name, document, width, rounds }))
      }
      const worst = Math.max(...rows.map(({ value }) => value))
      return [{ title: `FAN ${width} + join`, rows, bars: { 'fan.time': worst } }]
    } finally {
      await bench.engine.stop()
      await database.close()
    }
  },
}

/** Takes a list of numbers; the join adds them up from the outputs. */
function overList(key: string, type: string, width: number): WorkflowDocument {
  const values = { i: '{{ item }}' }
  return {
    ...{ format: 'fermata/1', key, title: key },
    nodes: [
      { id: 'each', type: 'loop', config: { over: '{{ inputs.list }}', concurrency: width } },
      { id: 'body', type, parent: 'each', config: type === 'set' ? { values } : values },
      { id: 'join', type: 'set', config: { values: { count: '{{ size(nodes.each.output) }}' } } },
    ],
    edges: [{ from: 'each', to: 'join' }],
  }
}

function byEdges(key: string, width: number): WorkflowDocument {
  const branches = Array.from({ length: width }, (_, n) => `b${n}`)
  return {
    ...{ format: 'fermata/1', key, title: key },
    nodes: [
      { id: 'fork', type: 'set', config: { values: { count: 1 } } },
      ...branches.map((id) => ({ id, type: 'nothing', config: { i: '{{ nodes.fork.output.count }}' } })),
      { id: 'join', type: 'set', config: { values: { count: width } } },
    ],
    edges: branches.flatMap((id) => [
      { from: 'fork', to: id },
      { from: id, to: 'join' },
    ]),
  }
}

interface Case {
  name: string
  document: WorkflowDocument
  width: number
  rounds: number
}

async function measure(bench: Bench, { name, document, width, rounds }: Case): Promise<Row> {
  const { pool } = bench.database
  await publish(pool, document)
  const list = Array.from({ length: width }, (_, n) => n)
  const request = { workflow: document.key, ...(name.startsWith('list') ? { inputs: { list } } : {}) }
  await complete(bench.engine, request)
  const taken: number[] = []
  const limits: number[] = []
  for (let round = 0; round < rounds; round++) {
    const started = performance.now()
    const id = await complete(bench.engine, request)
    taken.push((performance.now() - started) / 1000)
    await check(bench, id, width)
    limits.push(width / 10 / (await bareInline(pool, { batch: width / 10, ms: 250 })).perSecond)
  }
  return { name, value: median(taken), unit: 's', limit: median(limits), limitIs: 'bare insert of the rows' }
}

async function check({ database }: Bench, id: string, width: number): Promise<void> {
  const [join] = await database.pool.query<{ output: { count: number } }>(
    `select output from fermata.all_node_runs where execution_id = $1 and node = 'join'`,
    [id],
  )
  if (join?.output.count !== width) throw new Error(`The join saw ${join?.output.count} of ${width} branches`)
}
