// Fermata itself, driven in process like the libraries among the others: the whole engine, no HTTP.
import Type from 'typebox'
import type { WorkflowDocument } from '../../../src/core/document.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { loadNodeTypes } from '../../../src/runtime/registry.ts'
import type { Services } from '../../../src/runtime/services.ts'
import { type RunningEngine, startEngine } from '../../../src/runtime/start-engine.ts'
import type { NodeType } from '../../../src/sdk/node-type.ts'
import { openPool, type Pool } from '../../../src/store/db.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { publishDraft, saveDraft } from '../../../src/store/versions.ts'
import { pad, serve } from '../program.ts'

const text = (en: string) => ({ en, zh: en, ru: en })
/** An effect with an empty body: what is measured is the commit of its dispatch and of its result. */
const nothing: NodeType<JsonObject> = {
  type: 'nothing',
  version: 1,
  title: text('Nothing'),
  summary: text('Does nothing'),
  icon: 'circle',
  group: 'remote',
  effect: 'write',
  config: Type.Object({}, { additionalProperties: true }),
  run: ({ config }) => ({ type: 'done', output: config }),
}

function w10(key: string, type: string): WorkflowDocument {
  const nodes = Array.from({ length: 10 }, (_, n) => {
    const before = n === 0 ? 'inputs' : `nodes.n${n - 1}.output`
    const values = { i: `{{ ${before}.i + 1 }}`, pad: `{{ ${before}.pad }}` }
    return { id: `n${n}`, type, config: type === 'set' ? { values } : values }
  })
  const edges = nodes.slice(1).map((node, n) => ({ from: `n${n}`, to: node.id }))
  return { format: 'fermata/1', key, title: key, nodes, edges }
}

serve(async (place) => {
  const pool = openPool({ connectionString: place.databaseUrl })
  await migrate(pool)
  for (const [key, type] of [
    ['inline', 'set'],
    ['effects', 'nothing'],
  ] as const) {
    await saveDraft(pool, { document: w10(key, type), by: 'bench' })
    await publishDraft(pool, { workflow: key, by: 'bench', check: () => undefined })
  }
  const types = await loadNodeTypes()
  types.set('nothing', nothing as NodeType)
  const engine = await startEngine({
    pool,
    types,
    services: {} as Services,
    log: { info() {}, warn: console.warn, error: console.error },
    concurrency: 256,
  })
  const run = runner(engine)
  return {
    works: { inline: (i) => run('inline', i), effects: (i) => run('effects', i) },
    check: checker(pool),
    async close() {
      await engine.stop()
      await pool.close()
    },
  }
})

/** Starts one and waits for its end, which the gate tells: no statement of its own. */
function runner(engine: RunningEngine): (workflow: string, i: number) => Promise<undefined> {
  const waiting = new Map<string, (status: string) => void>()
  engine.onChange((id, _seq, status) => {
    if (status !== 'completed' && status !== 'error' && status !== 'failed') return
    waiting.get(id)?.(status)
    waiting.delete(id)
  })
  return async (workflow, i) => {
    const by = { name: 'bench' }
    const { id, status } = await engine.start({ workflow, inputs: { i, pad }, by })
    const ended = () => new Promise<string>((resolve) => waiting.set(id, resolve))
    const end = status === 'completed' ? status : await ended()
    if (end !== 'completed') throw new Error(`Execution ${id} ended ${end}`)
  }
}

/** Counts what the load left behind: executions that end with i + 10, and ten node runs for each. */
function checker(pool: Pool): (work: string, completed: number) => Promise<void> {
  let last = '0'
  return async (work, completed) => {
    const [row] = await pool.query<{ right: number; runs: number; last: string }>(
      `with e as (select id, (inputs->>'i')::int as i from fermata.executions
         where id > $1 and workflow = $2 and status = 'completed')
       select (count(*) filter (where (n.output->>'i')::int = e.i + 10 and n.node = 'n9'))::int as right,
         count(*)::int as runs, max(e.id) as last
       from e join fermata.node_runs n on n.execution_id = e.id and n.status = 'completed'`,
      [last, work],
    )
    last = row?.last ?? last
    if (row?.right === completed && row.runs === 10 * completed) return
    throw new Error(`Of ${completed} executions ${row?.right} ended right, with ${row?.runs} node runs`)
  }
}
