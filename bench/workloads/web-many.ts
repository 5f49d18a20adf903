// WEB-MANY: pages that show many things at once: a batch of 2,000 targets while it runs, and a preview whose target leads
// to 1,000 records.
import { rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { createCollections } from '../../src/objects/collections.ts'
import { allRows } from '../../src/objects/permissions.ts'
import { createRecords } from '../../src/objects/write-records.ts'
import type { Pool } from '../../src/store/db.ts'
import { busyUntil, type ConsolePage, openConsole, type Pan, pan, scroll } from '../run/console-page.ts'
import { makeDataFolder } from '../run/database.ts'
import { publish } from '../run/engine.ts'
import { median } from '../run/median.ts'
import { type BenchServer, startServer, tokenFor } from '../run/server.ts'
import type { BenchOptions, Section, Workload } from '../run/workload.ts'

const targets = 2000
const rooms = 100
const hostsPerRoom = 9
const parallel = 200
/** The first are in rooms; all are targets of the batch. */
const hostIds = Array.from({ length: targets }, (_, n) => `h${n}`)

export const workload: Workload = {
  summary: 'the console in a browser: a batch of 2,000 targets while it runs, a preview of 1,000 records',
  async run(options) {
    const folder = makeDataFolder()
    const server = await startServer(folder)
    const browser = await openConsole(server)
    try {
      await fill(server.pool)
      // What turns and pulses costs frames, too.
      await browser.page.emulateMedia({ reducedMotion: 'no-preference' })
      return [await measureBatch({ server, browser }, options), await measureRecords(browser, options)]
    } finally {
      await browser.close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function fill(pool: Pool): Promise<void> {
  const name = { key: 'name', type: 'text', required: true } as const
  const base = { title: 'Many', label: 'name', fields: [name] }
  const under = (to: string, inverse: string) => [{ name: to, kind: 'many-to-one' as const, to, inverse }]
  await createCollections(pool, [
    { ...base, key: 'site' },
    { ...base, key: 'room', relations: under('site', 'rooms') },
    { ...base, key: 'host', relations: under('room', 'hosts') },
  ])
  const add = (collection: string, records: { id: string; name: string; [relation: string]: string }[]) =>
    createRecords(pool, { collection, records, permissions: allRows })
  const count = <T>(many: number, of: (n: number) => T): T[] => Array.from({ length: many }, (_, n) => of(n))
  await add('site', [{ id: 's', name: 'The site' }])
  await add(
    'room',
    count(rooms, (n) => ({ id: `r${n}`, name: `Room ${n}`, site: 's' })),
  )
  await add(
    'host',
    hostIds.map((id, n) => ({
      id,
      name: id,
      ...(n < rooms * hostsPerRoom ? { room: `r${n % rooms}` } : {}),
    })),
  )
  const nap = { id: 'nap', type: 'delay', config: { for: '2s' } }
  await publish(pool, { ...workflow('nap', 'host'), nodes: [nap] })
  const bound = { id: 'on', type: 'set', bind: { path: 'rooms.hosts' }, config: { values: { i: 1 } } }
  await publish(pool, { ...workflow('visit', 'site'), nodes: [bound] })
}

const workflow = (key: string, collection: string) => ({
  ...{ format: 'fermata/1' as const, key, title: key, kind: 'main' as const, edges: [] },
  target: { collection },
})

interface Ground {
  server: BenchServer
  browser: ConsolePage
}

async function measureBatch({ server, browser }: Ground, options: BenchOptions): Promise<Section> {
  const { page } = browser
  const token = await tokenFor(server.pool)
  const rounds: { busy: number; squares: Pan; table: Pan }[] = []
  for (let round = 0; round < Math.min(options.rounds, 3); round++) {
    const id = await startBatch(server, token)
    await page.goto(`/batches/${id}`)
    await page.locator('.f-square[data-status=completed]').first().waitFor()
    const busy = (await busyUntil(browser, pause(4000))).percent
    const squares = await scroll(browser, '.f-batch-body', 3)
    await page.goto(`/batches/${id}?look=table`)
    await page.locator('.f-batch-body td').first().waitFor()
    const table = await scroll(browser, '.f-batch-body .f-scroll', 3)
    rounds.push({ busy, squares, table })
    await stopBatch(server, token, id)
  }
  const fps = median(rounds.map(({ squares }) => squares.fps))
  const table = median(rounds.map((one) => one.table.fps))
  const busy = median(rounds.map((one) => one.busy))
  return {
    title: `A batch of ${targets} targets in the console, while ${parallel} of them are under way`,
    rows: [
      { name: 'squares scrolled', value: fps, unit: 'frames/s' },
      {
        name: 'longest time between two frames',
        value: Math.max(...rounds.map(({ squares }) => squares.longest)),
        unit: 'ms',
      },
      { name: 'table scrolled', value: table, unit: 'frames/s' },
      { name: 'main thread busy', value: busy, unit: '%' },
    ],
    bars: { 'web.batch': fps, 'web.batch.table': table, 'web.batch.busy': busy },
    raw: { rounds },
  }
}

async function startBatch({ url }: BenchServer, token: string): Promise<string> {
  const body = { workflow: 'nap', targets: hostIds, parallel }
  return (await send<{ id: string }>(`${url}/api/v1/batches`, token, body)).id
}

async function stopBatch({ url }: BenchServer, token: string, id: string): Promise<void> {
  const { endedAt } = await send<{ endedAt?: string }>(`${url}/api/v1/batches/${id}`, token)
  if (endedAt === undefined)
    await send(`${url}/api/v1/batches/${id}/stop`, token, { reason: 'Measured', terminate: true })
}

async function send<T>(url: string, token: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(
    url,
    body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers },
  )
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}

async function measureRecords(browser: ConsolePage, { rounds, seconds }: BenchOptions): Promise<Section> {
  const { page } = browser
  const lasts = Math.min(seconds, 3)
  const pans: { closed: Pan; open: Pan; list: Pan }[] = []
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    await page.goto('/run/visit?target=site:s')
    const group = page.locator('[data-box^="group/"]').first()
    await group.waitFor()
    const closed = await pan(browser, lasts, '.f-canvas >> nth=-1')
    await group.click()
    await page.locator('.f-windowed').waitFor()
    const open = await pan(browser, lasts, '.f-canvas >> nth=-1')
    pans.push({ closed, open, list: await scroll(browser, '.f-windowed', lasts) })
  }
  const of = (name: 'closed' | 'open' | 'list') => median(pans.map((one) => one[name].fps))
  return {
    title: `A preview of ${rooms * (hostsPerRoom + 1) + 1} records`,
    rows: [
      { name: 'panned', value: of('closed'), unit: 'frames/s' },
      { name: 'panned with the large collection open', value: of('open'), unit: 'frames/s' },
      { name: 'its list scrolled', value: of('list'), unit: 'frames/s' },
      {
        name: 'longest time between two frames',
        value: Math.max(...pans.flatMap(({ closed, open }) => [closed.longest, open.longest])),
        unit: 'ms',
      },
    ],
    bars: { 'web.records': Math.min(of('closed'), of('open')) },
    raw: { pans },
  }
}
