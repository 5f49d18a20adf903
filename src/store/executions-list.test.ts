import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { type ExecutionStatus, executionStatuses, isEnded } from '../core/statuses.ts'
import { type ExecutionFilter, listExecutions } from './executions-list.ts'
import type { Needs } from './list-entrances.ts'
import { noteTarget } from './targets.ts'

interface Row {
  id: number
  workflow: string
  version: number
  status: ExecutionStatus
  attention: boolean
  test: boolean
  target: { collection: string; id: string; label: string } | null
  trigger: string
  startedBy: string
  parent: number | null
  origin: string | null
  task: { open: boolean; assignees: string[] } | null
  at: string
}

let database: TestDatabase
let rows: Row[]
const count = 600
const triggers = ['manual', 'api', 'cli', 'schedule', 'parent']
const titles: Record<string, string> = {
  alpha: 'Restart payments',
  beta: 'Deploy 100% of it',
  gamma: 'Pay',
  delta: 'x',
}
const keys = Object.keys(titles)
const subs = ['delta']

type Dice = (sides: number) => number

/** The same numbers each time. */
function dice(): Dice {
  let state = 12345
  return (sides) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * sides)
  }
}

const rollOrigin = (roll: Dice) => (roll(4) === 0 ? `${roll(2) ? 'schedule' : 'batch'}:${roll(3)}` : null)
const rollTask = (roll: Dice) =>
  roll(6) === 0 ? { open: roll(3) > 0, assignees: [[], ['li'], ['role:ops', 'x']][roll(3)] ?? [] } : null

function makeRows(): Row[] {
  const roll = dice()
  return Array.from({ length: count }, (_, n) => {
    const target = roll(3) === 0 ? null : roll(40)
    return {
      id: 1000 + n,
      workflow: keys[Math.min(roll(4), roll(4))] ?? 'alpha',
      version: 1 + roll(3),
      status: roll(4) > 0 ? 'completed' : (executionStatuses[roll(8)] ?? 'failed'),
      attention: roll(20) === 0,
      test: roll(15) === 0,
      target:
        target === null
          ? null
          : { collection: roll(2) ? 'host' : 'app', id: `${target}`, label: `pay-${target}%` },
      trigger: triggers[roll(5)] ?? 'manual',
      startedBy: `user-${Math.min(roll(6), roll(6))}`,
      parent: roll(10) === 0 ? 1000 + roll(5) : null,
      origin: rollOrigin(roll),
      task: rollTask(roll),
      // Several at the same moment, and ids not in the order of time.
      at: new Date(Date.UTC(2026, 0, 1, 0, 0, Math.floor(n / 3) ^ 1)).toISOString(),
    }
  })
}

async function writeParts(row: Row): Promise<void> {
  if (row.task)
    await database.pool.run(
      `insert into fermata.tasks (execution_id, run, attempt, kind, title, assignees, status) values ($1, 'a', 1, 'manual', 't', $2, $3)`,
      [row.id, row.task.assignees, row.task.open ? 'open' : 'done'],
    )
  if (hasFailed(row))
    await database.pool.run(
      `insert into fermata.node_runs (execution_id, run, attempt, node, status, seq) values ($1, 'a', 1, 'a', 'error', 1)`,
      [row.id],
    )
}

beforeAll(async () => {
  database = await createTestDatabase()
  rows = makeRows()
  for (const [key, title] of Object.entries(titles))
    await database.pool.run(
      `insert into fermata.workflows (key, title, kind, created_by, updated_by) values ($1, $2, $3, 'a', 'a')`,
      [key, title, subs.includes(key) ? 'sub' : 'main'],
    )
  for (const row of rows) {
    await database.pool.run(
      `insert into fermata.executions (id, workflow, version, status, attention, test, snapshot, target_collection, target_id,
         target_label, trigger, started_by, parent_id, created_at, ended_at, parent_run, dedup_key)
       values ($1, $2, $3, $4, $5, $6, '{}', $7, $8, $9, $10, $11, $12, $13, $14, 'check', $15)`,
      [
        row.id,
        row.workflow,
        row.version,
        row.status,
        row.attention,
        row.test,
        row.target?.collection,
        row.target?.id,
        row.target?.label,
        row.trigger,
        row.startedBy,
        row.parent,
        row.at,
        isEnded(row.status) ? row.at : null,
        row.origin === null ? `api:${row.id}` : `${row.origin}:${row.id}`,
      ],
    )
    await writeParts(row)
    if (row.target) await noteTarget(database.pool, row.target)
  }
})
afterAll(() => database.drop())

type Wanted = Omit<ExecutionFilter, 'limit' | 'cursor'>

/** Their node `a`; nodes of other names have never failed. */
const hasFailed = ({ id }: Row): boolean => id % 7 === 0

/** All of them are said to be started by the same run of their parent. */
const comesFrom = (row: Row, f: Wanted): boolean =>
  (!f.parent || f.parent === String(row.parent)) &&
  (f.parentRun ?? 'check') === 'check' &&
  (!f.failedNode || (f.failedNode === 'a' && hasFailed(row)))

function fits(row: Row, f: Wanted): boolean {
  const q = f.q?.toLowerCase()
  const texts = [row.workflow, titles[row.workflow], isSeen(row, f) ? row.target?.label : '']
  return (
    (f.visible === 'all' || f.visible.includes(row.workflow)) &&
    (f.status?.includes(row.status) ?? true) &&
    (f.workflow ?? row.workflow) === row.workflow &&
    (f.version ?? row.version) === row.version &&
    (!f.target ||
      (isSeen(row, f) && f.target.collection === row.target?.collection && f.target.id === row.target.id)) &&
    (f.startedBy ?? row.startedBy) === row.startedBy &&
    (f.trigger ?? row.trigger) === row.trigger &&
    fitsOrigin(row, f) &&
    (f.attention ?? row.attention) === row.attention &&
    (f.test ?? row.test) === row.test &&
    comesFrom(row, f) &&
    (!f.from || row.at >= f.from) &&
    (!f.to || row.at < f.to) &&
    (!q || q === String(row.id) || texts.some((text) => String(text).toLowerCase().includes(q)))
  )
}

/** Whoever may not see every record sees the hosts with an even number. */
const isSeen = ({ target }: Row, { seen }: Wanted): boolean =>
  !seen || target?.collection !== 'host' || Number(target.id) % 2 === 0

const evenHosts: ExecutionFilter['seen'] = (w, { collection, id }) =>
  `(${collection} <> ${w.param('host')} or right(${id}, 1)::text in ('0', '2', '4', '6', '8'))`

const fitsOrigin = (row: Row, f: Wanted): boolean =>
  (!f.kind || (f.kind === 'sub') === subs.includes(row.workflow)) &&
  (!f.origin || f.origin === row.origin) &&
  (!f.needs || needs(row, f.needs))

function needs(row: Row, { assignees, runnable }: Needs): boolean {
  const mayRun = runnable === 'all' || runnable.includes(row.workflow)
  if (row.attention && mayRun) return true
  if (!row.task?.open) return false
  return row.task.assignees.length === 0
    ? mayRun
    : row.task.assignees.some((name) => assignees.includes(name))
}

const newestFirst = (a: Row, b: Row) => b.at.localeCompare(a.at) || b.id - a.id

async function walk(filter: Wanted, limit: number): Promise<number[]> {
  const ids: number[] = []
  let cursor: string | undefined
  do {
    const page = await listExecutions(database.pool, { ...filter, limit, ...(cursor ? { cursor } : {}) })
    expect(page.items.length).toBeLessThanOrEqual(limit)
    ids.push(...page.items.map(({ id }) => Number(id)))
    cursor = page.next
  } while (cursor)
  return ids
}

const choices: { [K in keyof Wanted]-?: readonly Wanted[K][] } = {
  visible: ['all', 'all', ['alpha'], ['beta', 'delta', 'unknown'], []],
  seen: [evenHosts],
  status: [
    ['completed'],
    ['failed'],
    ['failed', 'error', 'rejected'],
    ['completed', 'canceled', 'canceled'],
    ['running', 'queued'],
  ],
  workflow: keys,
  version: [1, 3, 9],
  target: [
    { collection: 'host', id: '3' },
    { collection: 'app', id: '17' },
  ],
  startedBy: ['user-0', 'user-5', 'nobody'],
  trigger: triggers,
  failedNode: ['a', 'b'],
  from: ['2026-01-01T00:01:00.000Z'],
  to: ['2026-01-01T00:02:00.000Z'],
  q: ['pay', 'PAY-1', 'alp', '%', '1007', '7', 'nothing', '_'],
  attention: [true, false],
  test: [true, false],
  parent: ['1001', '99'],
  parentRun: ['check', 'other'],
  kind: ['main', 'sub'],
  origin: ['schedule:0', 'schedule:2', 'batch:1', 'batch:9'],
  needs: [
    { assignees: ['li', 'role:ops'], runnable: 'all' },
    { assignees: ['li'], runnable: ['alpha'] },
    { assignees: ['nobody'], runnable: [] },
  ],
}

describe('the list of executions', () => {
  const roll = dice()
  const pick = <T>(all: readonly T[]): T => all[roll(all.length)] as T
  const filters = Array.from({ length: 400 }, (_, n) => {
    const filter: Record<string, unknown> = { visible: pick(choices.visible) }
    if (n % 3 === 0) filter.seen = evenHosts
    const names = Object.keys(choices).filter((name) => name !== 'visible') as (keyof Wanted)[]
    for (let k = 0; k < n % 4; k++) {
      const name = pick(names)
      filter[name] = pick(choices[name] as readonly unknown[])
    }
    return filter as unknown as Wanted
  })

  it('shows what fits and may be seen, newest first, each once, whatever the filters and the size of a page', async () => {
    for (const filter of filters) {
      const expected = rows.filter((row) => fits(row, filter)).sort(newestFirst)
      const found = await walk(filter, pick([7, 50, 200]))
      expect(found, JSON.stringify(filter)).toEqual(expected.map(({ id }) => id))
    }
  })

  it('shows of one workflow all or nothing, and of what waits there what one may do', async () => {
    for (const workflow of keys)
      for (const visible of choices.visible)
        for (const needs of [undefined, ...choices.needs]) {
          const filter = { workflow, visible, ...(needs ? { needs } : {}) }
          const expected = rows.filter((row) => fits(row, filter)).sort(newestFirst)
          expect(await walk(filter, 200), JSON.stringify(filter)).toEqual(expected.map(({ id }) => id))
        }
  })

  it('finds by a text that nearly everything fits', async () => {
    for (let n = 0; n < 1200; n++)
      await noteTarget(database.pool, { collection: 'host', id: `many-${n}`, label: `pay-${n}` })
    for (const visible of ['all', ['alpha', 'gamma']] as const)
      for (const seen of [{}, { seen: evenHosts }]) {
        const filter = { visible, q: 'pay', ...seen }
        const expected = rows.filter((row) => fits(row, filter)).sort(newestFirst)
        expect(await walk(filter, 50)).toEqual(expected.map(({ id }) => id))
      }
  })
})
