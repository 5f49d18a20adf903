// NocoBase: its server and workflow plugin in this process; ten calculation nodes, run as a sync workflow.
import { join } from 'node:path'
import { openPool, type Pool } from '../../../src/store/db.ts'
import { pad } from '../../run/documents.ts'
import { fromInstall, type Program, serve } from '../program.ts'
import type { Place } from '../protocol.ts'

interface Row {
  id: string | number
  createNode(values: Record<string, unknown>): Promise<Row>
  setDownstream(node: Row): Promise<void>
}
interface Processor {
  execution: { status: number | null }
  lastSavedJob: { result: { i: number } }
}
interface App {
  db: {
    collection(options: Record<string, unknown>): unknown
    getRepository(name: string): { create(options: { values: Record<string, unknown> }): Promise<Row> }
  }
  pm: { get(plugin: string): { trigger(workflow: Row, context: object): Promise<Processor | null> } }
  runCommandThrowError(command: string): Promise<unknown>
  stop(): Promise<void>
}
interface Server {
  Application: new (options: Record<string, unknown>) => App
}

const resolved = 1

serve(async (place) => {
  Object.assign(process.env, settings(place))
  const { Application } = fromInstall<Server>(place, '@nocobase/server')
  const app = new Application({
    database: database(place.databaseUrl),
    // The second gives a kind of field that the tables of the first have.
    plugins: ['workflow', 'field-sort'],
  })
  await app.runCommandThrowError('install')
  await app.runCommandThrowError('start')
  const workflow = await publish(app)
  const plugin = app.pm.get('workflow')
  const pool = openPool({ connectionString: place.databaseUrl, max: 1 })
  return {
    works: {
      async w10(i) {
        const ended = await plugin.trigger(workflow, { data: { i, pad } })
        const status = ended?.execution.status
        if (status !== resolved) throw new Error(`An execution ended with status ${status}`)
        return ended?.lastSavedJob.result.i
      },
    },
    check: checkJobs(pool),
    async close() {
      await pool.close()
      await app.stop()
    },
  }
})

/** Its defaults, but for where things are and a log of warnings only; nothing is sent to its makers. */
function settings({ install, scratch }: Place): Record<string, string> {
  return {
    APP_ENV: 'production',
    APP_KEY: 'of-the-bench-only',
    NODE_MODULES_PATH: join(install, 'node_modules'),
    STORAGE_PATH: join(scratch, 'storage'),
    LOGGER_LEVEL: 'warn',
  }
}

function database(url: string): Record<string, unknown> {
  const { username, password, pathname, searchParams, port } = new URL(url)
  const host = searchParams.get('host') ?? '127.0.0.1'
  const pool = { max: 20 }
  return { dialect: 'postgres', host, port, database: pathname.slice(1), username, password, pool }
}

/** The event is handed to the plugin: the row whose insert would cause it is never written. */
async function publish({ db }: App): Promise<Row> {
  db.collection({ name: 'orders', fields: [] })
  const config = { mode: 1, collection: 'orders' }
  const workflow = await db.getRepository('workflows').create({
    values: { title: 'W10', type: 'collection', config, sync: true, current: true, enabled: true },
  })
  let before: Row | undefined
  for (let n = 0; n < 10; n++) {
    const from = n === 0 ? '$context.data' : `$jobsMapByNodeKey.n${n - 1}`
    const expression = `{ "i": {{${from}.i}} + 1, "pad": {{${from}.pad}} }`
    const node = await workflow.createNode({
      key: `n${n}`,
      type: 'calculation',
      config: { engine: 'math.js', expression },
      ...(before ? { upstreamId: before.id } : {}),
    })
    await before?.setDownstream(node)
    before = node
  }
  return workflow
}

/** Its tables hold every execution, with ten jobs, the last of which has the right number. */
function checkJobs(pool: Pool): NonNullable<Program['check']> {
  let last = '0'
  return async (_work, completed) => {
    const [row] = await pool.query<{ right: number; jobs: number; last: string | null }>(
      `with e as (select id, (context->'data'->>'i')::int as i from executions where id > $1 and status = $2)
       select (count(*) filter (where j."nodeKey" = 'n9' and (j.result->>'i')::int = e.i + 10))::int as right,
         count(*)::int as jobs, max(e.id)::text as last
       from e join jobs j on j."executionId" = e.id and j.status = $2`,
      [last, resolved],
    )
    last = row?.last ?? last
    if (row?.right === completed && row.jobs === 10 * completed) return
    throw new Error(`Of ${completed} executions ${row?.right} ended right, with ${row?.jobs} jobs`)
  }
}
