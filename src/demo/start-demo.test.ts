import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { headOf, silentLog, until } from '../../tests/helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { realServices } from '../../tests/helpers/real-services.ts'
import { createVault } from '../access/vault/vault.ts'
import { loadNodeTypes } from '../runtime/registry.ts'
import { type RunningEngine, startEngine } from '../runtime/start-engine.ts'
import { listSchedules } from '../store/schedules.ts'
import type { DemoHosts } from './hosts/start-demo-hosts.ts'
import { removeDemo } from './remove-demo.ts'
import { outboundAllow, seedDemo, startDemo } from './start-demo.ts'

const vault = createVault([{ id: Buffer.alloc(4, 1), bytes: Buffer.alloc(32, 2) }])
let database: TestDatabase
let engine: RunningEngine
let hosts: DemoHosts
let closeServices: () => Promise<void>
const lines: string[] = []
const log = (line: string) => void lines.push(line)

beforeAll(async () => {
  database = await createTestDatabase()
  const db = database.pool
  const started = await startDemo({ db, vault, log }, true)
  if (!started) throw new Error('the demo world did not start')
  hosts = started
  const { services, close } = realServices(db, vault, outboundAllow(hosts))
  closeServices = close
  engine = await startEngine({ pool: db, types: await loadNodeTypes(), services, log: silentLog })
  await seedDemo({ db, vault, log, engine, check: () => undefined })
}, 120_000)

afterAll(async () => {
  await engine.stop()
  await closeServices()
  await hosts.close()
  await database.drop()
})

interface Row {
  workflow: string
  status: string
  version: number
  attention: boolean
  waiting: boolean
  target: string | null
}
const executions = () =>
  database.pool.query<Row>(
    `select workflow, status, version, attention, waiting, target_id as target
     from fermata.executions order by id`,
  )

describe('the demo world', () => {
  it('plays every story', () => {
    expect(lines.filter((line) => line.includes('could not be played'))).toEqual([])
  })

  it('has a past of all statuses', async () => {
    const rows = await executions()
    const count = (status: string) => rows.filter((row) => row.status === status).length
    expect(rows.length).toBeGreaterThanOrEqual(30)
    expect(count('completed')).toBeGreaterThanOrEqual(20)
    expect(count('failed')).toBeGreaterThanOrEqual(3)
    expect(count('error')).toBe(2)
    expect(count('rejected')).toBe(3)
    expect(count('canceled')).toBe(2)
    expect(count('paused')).toBe(1)
    expect(count('queued')).toBe(1)
  })

  it('has something under way, something that needs attention and a task', async () => {
    const live = (await executions()).filter((row) => row.status === 'running')
    expect(live.some((row) => row.workflow === 'health-watch')).toBe(true)
    await until(executions, (rows) => rows.some((row) => row.workflow === 'canary-patch' && row.attention))
    await until(executions, (rows) => rows.some((row) => row.workflow === 'reboot-hosts' && row.attention))
    const risky = await database.pool.query<{ run: string }>(
      "select run from fermata.all_node_runs where status = 'risky' order by run",
    )
    expect(risky).toEqual(['01', '02', '03'].map((number) => ({ run: `reboot[shop-${number}]` })))
    const tasks = await database.pool.query<{ assignees: string[] }>(
      `select assignees from fermata.tasks t join fermata.executions e on e.id = t.execution_id
       where t.status = 'open' and e.status = 'running'`,
    )
    expect(tasks.some(({ assignees }) => assignees.includes('role:admin'))).toBe(true)
  })

  it('lies over two days', async () => {
    const [row] = await database.pool.query<{ hours: number; late: number }>(
      `select extract(epoch from max(created_at) - min(created_at)) / 3600 as hours,
         count(*) filter (where parent_id is null and ended_at > now() - interval '2 hours')::int as late
       from fermata.executions`,
    )
    expect(Number(row?.hours)).toBeGreaterThan(40)
    expect(row?.late).toBe(0)
  })

  it('has a schedule with a past, which waits for the night', async () => {
    const { items } = await listSchedules(database.pool, { visible: 'all', limit: 10 })
    expect(items).toMatchObject([
      { workflow: 'nightly-report', version: 2, state: 'active', timing: { mode: 'daily', at: '02:00' } },
    ])
    expect(items[0]?.counts).toEqual({ completed: 2, failed: 0, canceled: 0, running: 0 })
    expect(items[0]?.missed).toBe('skip')
    expect(items[0]?.nextFireAt?.getTime()).toBeGreaterThan(Date.now())
    const firings = await database.pool.query<{ apart: number; late: number; madeFirst: boolean }>(
      `select extract(epoch from due_at - lag(due_at) over (order by due_at)) / 3600 as apart,
         extract(epoch from e.started_at - due_at) as late, s.created_at < due_at as "madeFirst"
       from fermata.firings f join fermata.executions e on e.id = f.execution_id
       join fermata.schedules s on s.id = f.schedule_id order by due_at`,
    )
    expect(firings).toHaveLength(2)
    // A night on which the clocks change is an hour longer or shorter.
    expect(Math.abs(Number(firings[1]?.apart) - 24)).toBeLessThanOrEqual(1)
    for (const { late, madeFirst } of firings) {
      expect(Number(late)).toBeGreaterThanOrEqual(0)
      expect(Number(late)).toBeLessThan(600)
      expect(madeFirst).toBe(true)
    }
  })

  it('has one set of hosts, whoever else starts', async () => {
    const other = await startDemo({ db: database.pool, vault, log }, false)
    expect(other?.hosts).toEqual(hosts.hosts)
    expect(other?.httpUrl).toBe(hosts.httpUrl)
    await other?.close()
    expect((await fetch(`${hosts.httpUrl}/about`)).status).toBe(200)
  })

  it('is not made twice', async () => {
    const before = await executions()
    await seedDemo({ db: database.pool, vault, log, engine, check: () => undefined })
    expect(await executions()).toHaveLength(before.length)
  })

  it('holds on the host without space until somebody cleans it', async () => {
    const by = { name: 'admin' }
    const start = (workflow: string, collection: string, id: string, inputs: object) =>
      engine.start({ workflow, target: { collection, id }, inputs: { ...inputs }, by })
    const { id } = await start('restart-service', 'app_instance', 'pay-api-1', { reason: 'Test' })
    await approve(id)
    await until(
      () => headOf(database.pool, id),
      (head) => head.attention,
    )
    expect(await statuses(id, 'restart[')).toEqual({
      'restart[pay-01]': 'completed',
      'restart[pay-02]': 'completed',
      'restart[pay-03]': 'failed',
    })
    const cleaning = await start('disk-clean-up', 'host', 'pay-03', {})
    expect(await engine.waitForEnd(cleaning.id, 20_000)).toBe('completed')
    await engine.act(id, { type: 'retry', reason: 'cleaned' }, by)
    expect(await engine.waitForEnd(id, 20_000)).toBe('completed')
  }, 60_000)

  it('restarts hosts only once somebody has confirmed it', async () => {
    const by = { name: 'admin' }
    const target = { collection: 'unit', id: 'crm-web' }
    const { id } = await engine.start({
      workflow: 'reboot-hosts',
      target,
      inputs: { reason: "it's time" },
      by,
    })
    const riskyRuns = async () =>
      Object.entries(await statuses(id, 'reboot[')).filter(([, status]) => status === 'risky')
    await until(riskyRuns, (runs) => runs.length === 2)
    const runs = ['reboot[crm-01]', 'reboot[crm-02]'].map((run) => ({ run, attempt: 1 }))
    await engine.confirm(id, { runs }, by)
    expect(await engine.waitForEnd(id, 20_000)).toBe('completed')
  }, 60_000)

  it('goes away when asked, and does not come back', async () => {
    const db = database.pool
    await removeDemo({ db, vault, engine, hosts }, 'admin')
    expect(await executions()).toEqual([])
    expect(await db.query('select from fermata.collections')).toEqual([])
    expect(await db.query('select from fermata.connections')).toEqual([])
    expect(await db.query('select from fermata.queue')).toEqual([])
    expect(await db.query('select from fermata.schedules')).toEqual([])
    expect(await db.query('select from fermata.data_changes')).toEqual([])
    const left = await db.query(`select name from fermata.users where not disabled`)
    expect(left).toEqual([])
    expect(await startDemo({ db, vault, log }, true)).toBeUndefined()
    await expect(removeDemo({ db, vault, engine }, 'admin')).rejects.toMatchObject({ code: 'not-found' })
  }, 60_000)
})

async function approve(execution: string): Promise<void> {
  const openTasks = () =>
    database.pool.query<{ id: string }>(
      `select id from fermata.tasks where execution_id = $1 and status = 'open'`,
      [execution],
    )
  const [task] = await until(openTasks, (tasks) => tasks.length > 0)
  await engine.answerTask(task?.id ?? '', { port: 'approve' }, { name: 'admin' })
}

async function statuses(execution: string, prefix: string): Promise<Record<string, string>> {
  const rows = await database.pool.query<{ run: string; status: string }>(
    `select run, status from fermata.all_node_runs where execution_id = $1 and starts_with(run, $2) order by run`,
    [execution, prefix],
  )
  return Object.fromEntries(rows.map(({ run, status }) => [run, status]))
}
