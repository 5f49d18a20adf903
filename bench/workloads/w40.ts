// W40: forty light nodes in a row, one execution alone; the flow that Windmill publishes for seven orchestrators.
import { createSandbox } from '../../src/runtime/sandbox/sandbox.ts'
import type { Services } from '../../src/runtime/services.ts'
import { roundTrips } from '../limits/one-insert.ts'
import { openBenchDatabase } from '../run/database.ts'
import { chain, input, step } from '../run/documents.ts'
import { type Bench, complete, openBench, publish } from '../run/engine.ts'
import { median } from '../run/median.ts'
import type { BenchOptions, Row, Workload } from '../run/workload.ts'

const nodes = 40
const fibonacci =
  'const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)); fib(10); return { i: i + 1, pad }'

export const workload: Workload = {
  summary:
    'forty nodes in a row, one execution alone: set, and JavaScript in the sandbox computing fibonacci(10)',
  async run(options) {
    const sandbox = createSandbox()
    const database = await openBenchDatabase()
    const bench = await openBench(database, { services: { script: sandbox.run } as Services })
    try {
      await publish(database.pool, chain('w40-set', { type: 'set', nodes }))
      await publish(database.pool, scripts())
      const { commit } = await roundTrips(database.pool)
      const rows = [
        await measure(bench, options, { name: 'set', workflow: 'w40-set', commits: 1, commit }),
        await measure(bench, options, { name: 'script', workflow: 'w40-script', commits: nodes, commit }),
      ]
      return [{ title: 'W40, one alone', rows }]
    } finally {
      await bench.engine.stop()
      await sandbox.close()
      await database.close()
    }
  },
}

function scripts() {
  const document = chain('w40-script', { type: 'script', nodes })
  const configs = document.nodes.map((_, n) => ({
    code: fibonacci,
    args: step(n === 0 ? 'inputs' : `nodes.n${n - 1}.output`),
  }))
  return { ...document, nodes: document.nodes.map((node, n) => ({ ...node, config: configs[n] ?? {} })) }
}

interface Case {
  name: string
  workflow: string
  /** How often the disk must be waited for. */
  commits: number
  commit: number
}

async function measure(
  { engine }: Bench,
  { rounds, quick }: BenchOptions,
  { name, workflow, commits, commit }: Case,
): Promise<Row> {
  const each = quick ? 2 : 5
  await complete(engine, { workflow, inputs: input })
  const taken: number[] = []
  for (let n = 0; n < rounds * each; n++) {
    const started = performance.now()
    await complete(engine, { workflow, inputs: input })
    taken.push(performance.now() - started)
  }
  const limitIs = commits === 1 ? 'one commit' : `${commits} commits`
  return { name: `${name}: whole flow`, value: median(taken), unit: 'ms', limit: commits * commit, limitIs }
}
