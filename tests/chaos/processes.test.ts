// Several processes, and the ways they stop: shared work, a stopped machine, a poisoned effect, a polite end.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chain, headOf, publish, runsOf, silentLog, until } from '../helpers/engine.ts'
import { openTheatre, type Theatre } from './crash-case.ts'
import { countKeys, readLedger } from './ledger.ts'
import { executionsOf, findBreaches, isQuiet } from './oracle.ts'

let theatre: Theatre

beforeAll(async () => {
  theatre = await openTheatre()
})
afterAll(() => theatre.close())
afterEach(() => theatre.clear())

const requests = (workflow: string, count: number) => Array.from({ length: count }, () => ({ workflow }))

async function untilAllEnded(workflow: string, count: number): Promise<void> {
  await until(
    () => executionsOf(theatre.database.pool, workflow),
    (rows) => rows.length === count && isQuiet(rows),
    60_000,
  )
}

function linesOf(ids: readonly string[]) {
  const wanted = new Set(ids)
  return readLedger(theatre.ledger).filter(({ execution }) => wanted.has(execution))
}

async function expectAllCompleted(workflow: string): Promise<void> {
  const rows = await executionsOf(theatre.database.pool, workflow)
  expect(rows.filter(({ status }) => status !== 'completed')).toEqual([])
}

describe('processes that share one database', { timeout: 90_000 }, () => {
  it('share the work: both do some, nothing is done twice', async () => {
    const { pool } = theatre.database
    await publish(
      pool,
      chain(
        'shared',
        [1, 2].map((n) => ({ id: `n${n}`, type: 'effect', config: { ms: 5 } })),
      ),
    )
    const [one, two] = await Promise.all([
      theatre.child({ concurrency: 8 }),
      theatre.child({ concurrency: 8 }),
    ])
    await Promise.all([one.go(), two.go()])
    const ids = (await one.start(requests('shared', 200))) ?? []
    await untilAllEnded('shared', 200)
    await expectAllCompleted('shared')
    const lines = linesOf(ids)
    expect(new Set(lines.map(({ pid }) => pid))).toEqual(new Set([one.pid, two.pid]))
    expect(lines).toHaveLength(400)
    expect(countKeys(lines).size).toBe(400)
    expect(one.complaints.concat(two.complaints)).toEqual([])
    expect(await findBreaches(pool)).toEqual([])
  })

  it('one that was stopped and comes back cannot save what others have taken over', async () => {
    const { pool } = theatre.database
    const until1 = join(theatre.folder, 'go-on')
    const nodes = [
      { id: 'slow', type: 'safe-effect', config: { until: until1 } },
      { id: 'next', type: 'safe-effect', config: {} },
    ]
    await publish(pool, chain('stopped', nodes))
    const sleeper = await theatre.child()
    await sleeper.go()
    const [id = ''] = (await sleeper.start(requests('stopped', 1))) ?? []
    await until(
      async () => linesOf([id]).length,
      (count) => count === 1,
    )
    sleeper.signal('SIGSTOP')
    await theatre.engine(silentLog)
    await until(
      async () => linesOf([id]).length,
      (count) => count === 2,
    )
    // Both hold the same effect now. The one that lost it ends first.
    sleeper.signal('SIGCONT')
    writeFileSync(until1, '')
    await untilAllEnded('stopped', 1)
    await expectAllCompleted('stopped')
    const [slow] = await runsOf(pool, id).then((runs) => runs.filter(({ run }) => run === 'slow'))
    expect(slow).toMatchObject({ attempt: 1, output: { pid: process.pid } })
    expect(linesOf([id]).map(({ run, pid }) => [run, pid])).toEqual([
      ['slow', sleeper.pid],
      ['slow', process.pid],
      ['next', process.pid],
    ])
    expect(countKeys(linesOf([id])).size).toBe(2)
    // It is a member again, and does its share.
    const again = await sleeper.start(requests('stopped', 1))
    expect(again).toHaveLength(1)
    await untilAllEnded('stopped', 2)
    expect(sleeper.complaints).toEqual([])
    expect(await findBreaches(pool)).toEqual([])
  })

  it('an effect that kills its process is poison after three times; others are not hurt', async () => {
    const { pool } = theatre.database
    const deadly = (type: string) => [
      { id: 'deadly', type, config: { kill: true }, policy: { retry: { attempts: 5, delay: '1ms' } } },
    ]
    await publish(pool, chain('deadly', deadly('safe-effect')))
    await publish(pool, chain('deadly-unsafe', deadly('effect')))
    await publish(
      pool,
      chain('harmless', [
        { id: 'a', type: 'safe-effect', config: {} },
        { id: 'd', type: 'delay', config: { for: '50ms' } },
      ]),
    )
    for (const workflow of ['deadly', 'deadly-unsafe']) {
      const deaths = await killThrice(workflow)
      expect(deaths).toBe(3)
      await untilAllEnded(workflow, 1)
      const [poisoned] = await executionsOf(pool, workflow)
      expect(poisoned).toMatchObject({ status: 'error', error: { code: 'poison' } })
      expect(linesOf([poisoned?.id ?? ''])).toHaveLength(3)
    }
    await theatre.engine()
    await untilAllEnded('harmless', 20)
    await expectAllCompleted('harmless')
    expect(await findBreaches(pool)).toEqual([])
  })

  /** Processes come up one after another until one survives. Returns how many did not. */
  async function killThrice(workflow: string): Promise<number> {
    for (let deaths = 0; ; deaths++) {
      const victim = await theatre.child()
      await victim.go()
      if (deaths === 0) {
        await victim.start(requests('harmless', 10))
        void victim.start([{ workflow }])
      }
      const survived = untilAllEnded(workflow, 1).then(() => 'survived')
      if ((await Promise.race([victim.ended, survived])) !== 'survived') continue
      await theatre.clear()
      return deaths
    }
  }

  it('one that ends politely leaves nothing to be called a crash', async () => {
    const { pool } = theatre.database
    await publish(
      pool,
      chain(
        'polite',
        [1, 2, 3].map((n) => ({ id: `n${n}`, type: 'effect', config: { ms: 60 } })),
      ),
    )
    const [leaving, staying] = await Promise.all([
      theatre.child({ concurrency: 6 }),
      theatre.child({ concurrency: 6 }),
    ])
    await Promise.all([leaving.go(), staying.go()])
    const ids = (await leaving.start(requests('polite', 30))) ?? []
    await until(
      async () => linesOf(ids).filter(({ pid }) => pid === leaving.pid).length,
      (count) => count >= 6,
    )
    leaving.signal('SIGTERM')
    expect(await leaving.ended).toBe(0)
    const before = linesOf(ids).filter(({ pid }) => pid === leaving.pid).length
    await untilAllEnded('polite', 30)
    await expectAllCompleted('polite')
    const lines = linesOf(ids)
    expect(lines.filter(({ pid }) => pid === leaving.pid)).toHaveLength(before)
    expect(lines).toHaveLength(90)
    expect(countKeys(lines).size).toBe(90)
    const failed = await pool.query(
      'select from fermata.node_runs where execution_id = any($1::bigint[]) and (attempt > 1 or error is not null)',
      [ids],
    )
    expect(failed).toEqual([])
    expect(leaving.complaints.concat(staying.complaints)).toEqual([])
    expect(await findBreaches(pool)).toEqual([])
  })
})

describe('what waits while no process is there', { timeout: 90_000 }, () => {
  it('overdue timers fire at once after a restart, and none is early', async () => {
    const { pool } = theatre.database
    await publish(pool, chain('soon', [{ id: 'd', type: 'delay', config: { for: '700ms' } }]))
    await publish(pool, chain('later', [{ id: 'd', type: 'delay', config: { for: '2500ms' } }]))
    const child = await theatre.child()
    await child.go()
    const ids = (await child.start([...requests('soon', 30), ...requests('later', 10)])) ?? []
    child.signal('SIGKILL')
    await child.ended
    const due = await pool.query<{ id: string; due: Date }>(
      'select execution_id as id, due_at as due from fermata.queue where execution_id = any($1::bigint[])',
      [ids],
    )
    expect(due).toHaveLength(40)
    await until(
      () => pool.query(`select from fermata.queue where due_at <= now()`),
      (rows) => rows.length === 30,
    )
    const engine = await theatre.engine()
    await untilAllEnded('soon', 30)
    const laterStill = await Promise.all(ids.slice(30).map((id) => headOf(pool, id)))
    expect(laterStill.every(({ status, waiting }) => status === 'running' && waiting)).toBe(true)
    expect(engine.gate.size).toBe(0)
    await untilAllEnded('later', 10)
    const fired = await pool.query<{ id: string; at: Date }>(
      `select execution_id as id, min(at) as at from public.marks where ended and execution_id = any($1::bigint[])
       group by execution_id`,
      [ids],
    )
    const dueOf = new Map(due.map((row) => [row.id, row.due.getTime()]))
    expect(fired).toHaveLength(40)
    expect(fired.filter(({ id, at }) => at.getTime() < (dueOf.get(id) ?? 0))).toEqual([])
    expect(await findBreaches(pool)).toEqual([])
  })
})

async function cutAll(): Promise<number> {
  const rows = await theatre.database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'chaos' and datname = current_database()`,
  )
  return rows.length
}

describe('a database that cuts connections', { timeout: 90_000 }, () => {
  it('loses nothing, repeats nothing and leaves no rejection unhandled', async () => {
    const { pool } = theatre.database
    const nodes = [
      { id: 'a', type: 'effect', config: { ms: 10 } },
      { id: 'w', type: 'delay', config: { for: '20ms' } },
      { id: 'b', type: 'effect', config: { ms: 10 } },
      { id: 'm', type: 'manual', config: { title: 'Fill in', form: { type: 'object' } } },
      { id: 'c', type: 'effect', config: {} },
    ]
    await publish(pool, { ...chain('cut', nodes), settings: { concurrency: { limit: 20 } } })
    await publish(pool, chain('cut-parent', [{ id: 'p', type: 'workflow', config: { workflow: 'cut' } }]))
    const child = await theatre.child({ concurrency: 10 })
    await child.go()
    const started = child.start([...requests('cut', 40), ...requests('cut-parent', 20)])
    const settled = () => pool.query('select from public.marks where ended').then((rows) => rows.length)
    let cuts = 0
    for (let round = 0; round < 12; round++) {
      const before = await settled()
      cuts += await until(cutAll, (count) => count > 0)
      // It goes on in between.
      await until(settled, (count) => count > before)
    }
    const ids = await started
    expect(cuts).toBeGreaterThan(12)
    await untilAllEnded('cut', 60)
    await untilAllEnded('cut-parent', 20)
    await expectAllCompleted('cut')
    await expectAllCompleted('cut-parent')
    const runs = await executionsOf(pool, 'cut')
    const lines = linesOf(runs.map(({ id }) => id))
    expect(lines).toHaveLength(180)
    expect(countKeys(lines).size).toBe(180)
    expect(ids).toHaveLength(60)
    expect(child.complaints).toEqual([])
    child.signal('SIGTERM')
    expect(await child.ended).toBe(0)
    expect(await findBreaches(pool)).toEqual([])
  })
})
