// WEB: the console of the real server in headless Chromium: its first load, a large execution opened, panned and
// followed while it changes.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { firstLoadOf } from '../../scripts/first-load.ts'
import type { WorkflowDocument } from '../../src/core/document.ts'
import { busyUntil, type ConsolePage, openConsole, openExecution, pan } from '../run/console-page.ts'
import { makeDataFolder } from '../run/database.ts'
import { publish } from '../run/engine.ts'
import { median } from '../run/median.ts'
import { type BenchServer, startServer, tokenFor } from '../run/server.ts'
import type { BenchOptions, Section, Workload } from '../run/workload.ts'

const built = join(import.meta.dirname, '../../dist/web')
const nodes = 500
const lanes = 10

export const workload: Workload = {
  summary: 'the console in a browser: first load, 500 nodes opened and panned, 1,000 live updates in 10 s',
  async run(options) {
    const folder = makeDataFolder()
    const server = await startServer(folder)
    const browser = await openConsole(server)
    try {
      return await measure({ server, browser }, options)
    } finally {
      await browser.close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

interface Ground {
  server: BenchServer
  browser: ConsolePage
}

async function measure(
  { server, browser }: Ground,
  { rounds, seconds, quick }: BenchOptions,
): Promise<Section[]> {
  await publish(server.pool, lanesOf('settled', { type: 'set', config: { values: { i: 1 } } }))
  await publish(server.pool, lanesOf('lively', { type: 'delay', config: { for: quick ? '100ms' : '170ms' } }))
  const api = apiOf(server, await tokenFor(server.pool))
  const settled = await api.start('settled')
  await api.ended(settled)
  await publish(server.pool, branchingOf('branching'))
  const branching = await api.start('branching')
  await api.ended(branching)
  const opened: number[] = []
  const branchings: number[] = []
  const pans: { fps: number; longest: number }[] = []
  for (let round = 0; round < rounds; round++) {
    opened.push(await openExecution(browser, settled))
    branchings.push(await openExecution(browser, branching))
    await openExecution(browser, settled)
    pans.push(await pan(browser, Math.min(seconds, 4)))
  }
  const lively = await follow({ server, browser }, api)
  const first = firstLoadOf(built).kb
  const fps = median(pans.map((one) => one.fps))
  return [
    {
      title: `The console, ${nodes} nodes`,
      rows: [
        { name: 'first load, gzip', value: first, unit: 'KB' },
        { name: 'navigation to graph, median', value: median(opened), unit: 's' },
        { name: 'the slowest of them', value: Math.max(...opened), unit: 's' },
        { name: 'the same of one with 100 decisions, median', value: median(branchings), unit: 's' },
        { name: 'panned', value: fps, unit: 'frames/s' },
        {
          name: 'longest time between two frames',
          value: Math.max(...pans.map((one) => one.longest)),
          unit: 'ms',
        },
        { name: 'live: updates of node runs', value: lively.rate, unit: '/s' },
        { name: 'live: main thread busy', value: lively.percent, unit: '%' },
      ],
      bars: { 'web.first': first, 'web.open': median(opened), 'web.pan': fps, 'web.live': lively.percent },
      raw: { opened, branchings, pans, lively },
    },
  ]
}

/** Every node begins to wait and completes: two updates each. */
async function follow({ browser }: Ground, api: Api): Promise<{ percent: number; rate: number }> {
  const id = await api.start('lively')
  await openExecution(browser, id)
  const before = await api.done(id)
  const { percent, seconds } = await busyUntil(browser, api.ended(id))
  return { percent, rate: (2 * (nodes - before)) / seconds }
}

type Api = ReturnType<typeof apiOf>

function apiOf({ url, pool }: BenchServer, token: string) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const count = async (sql: string, id: string) =>
    Number((await pool.query<{ count: string }>(sql, [id]))[0]?.count)
  return {
    async start(workflow: string): Promise<string> {
      const body = JSON.stringify({ workflow })
      const answer = await fetch(`${url}/api/v1/executions`, { method: 'POST', headers, body })
      return ((await answer.json()) as { id: string }).id
    },
    done: (id: string) =>
      count(
        `select count(*) from fermata.all_node_runs where execution_id = $1 and ended_at is not null`,
        id,
      ),
    async ended(id: string): Promise<void> {
      const answer = await fetch(`${url}/api/v1/executions/${id}/events`, { headers })
      // The stream ends with the execution.
      await answer.text()
    },
  }
}

/** A start, ten lanes of nodes in a row, and a join: 502 nodes, drawn as one graph. */
function lanesOf(key: string, node: { type: string; config: object }): WorkflowDocument {
  const all = Array.from({ length: nodes }, (_, n) => ({ id: `n${n}`, title: `Step ${n}`, ...node }))
  const ends = { type: 'set', config: { values: { i: 1 } } }
  return {
    ...{ format: 'fermata/1', key, title: key },
    nodes: [{ id: 'first', ...ends }, ...all, { id: 'last', ...ends }],
    edges: all.flatMap(({ id }, n) => [
      { from: n < lanes ? 'first' : `n${n - lanes}`, to: id },
      ...(n >= nodes - lanes ? [{ from: id, to: 'last' }] : []),
    ]),
  } as WorkflowDocument
}

/** Ten lanes of ten decisions, each with two branches that come together again: 502 nodes. */
function branchingOf(key: string): WorkflowDocument {
  const set = (id: string) => ({ id, title: `Step ${id}`, type: 'set', config: { values: { i: 1 } } })
  const parts = Array.from({ length: nodes / 5 }, (_, n) => {
    const [decision = '', a = '', b = '', c = '', end = ''] = ['q', 'a', 'b', 'c', 'end'].map(
      (name) => `${name}${n}`,
    )
    const before = n < lanes ? 'first' : `end${n - lanes}`
    return {
      nodes: [
        {
          id: decision,
          title: 'Which way?',
          type: 'condition',
          config: { when: n % 2 === 0 ? 'true' : 'false' },
        },
        ...[a, b, c].map(set),
        set(end),
      ],
      edges: [
        { from: before, to: decision },
        { from: decision, port: 'yes', to: a },
        { from: a, to: b },
        { from: b, to: end },
        { from: decision, port: 'no', to: c },
        { from: c, to: end },
        ...(n >= nodes / 5 - lanes ? [{ from: end, to: 'last' }] : []),
      ],
    }
  })
  return {
    ...{ format: 'fermata/1', key, title: key },
    nodes: [set('first'), ...parts.flatMap((part) => part.nodes), set('last')],
    edges: parts.flatMap((part) => part.edges),
  } as WorkflowDocument
}
