// L5: few connections to the database, many effects at once, and starts all the time: nothing waits for itself.
import type { StubDocument } from '../harness/document-shape.ts'
import { generateDocuments, runChaos } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { startMany } from './start-many.ts'
import { underLoad } from './under-load.ts'

const poolSize = 2
const holdMs = 2000

/** The limit makes each start look, in a transaction of its own, whether it may begin. */
const holding: StubDocument = {
  format: 'fermata/1',
  key: 'holding',
  title: 'Hold',
  kind: 'main',
  inputs: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
  settings: { concurrency: { limit: 1000 } },
  nodes: [{ id: 'a', type: 'stub', config: { n: '{{ inputs.n }}', ms: holdMs } }],
  edges: [],
}

/** A unit is one effect of two seconds. */
export const starvedPool: ChaosCase = {
  id: 'L5',
  title: 'few connections, many effects',
  units: { T0: 60, T1: 200, T2: 1000 },
  perChunk: { one: 1000, three: 1000 },
  async run(ground, { seed, processes, units }) {
    const documents = [...generateDocuments(seed, 5), holding]
    const fleet = { poolSize, concurrency: 200, beatMs: 500, deadAfterMs: 20_000 }
    const outcome = await runChaos(ground, { seed, processes, documents, fleet }, async (stage) => {
      await underLoad(
        stage,
        () => units / 2,
        startMany(stage, units, () => holding.key),
      )
      return []
    })
    return { ...outcome, faults: units }
  },
}
