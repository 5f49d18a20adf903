import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { listProcesses, registerProcess, removeProcesses } from './processes.ts'
import {
  claimDue,
  claimsOf,
  holdsClaims,
  nextDueMs,
  postpone,
  releaseOrphans,
  releaseRows,
  waitingWorkflows,
} from './queue.ts'

let database: TestDatabase
const [me, other, dead] = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`) as [
  string,
  string,
  string,
]

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.pool.run('truncate fermata.queue, fermata.processes, fermata.executions')
  for (const id of [me, other])
    await registerProcess(database.pool, {
      id,
      host: 'h',
      pid: 1,
      roles: [],
      tags: [],
      untagged: true,
      version: '',
      capacity: 1,
    })
})

interface Row {
  execution?: number
  kind?: string
  workflow?: string
  dueMs?: number
  claimedBy?: string
  crashes?: number
  tag?: string
}

async function put(run: string, row: Row = {}): Promise<void> {
  await database.pool.run(
    `insert into fermata.queue (execution_id, run, attempt, kind, workflow, due_at, claimed_by, crashes, tag)
     values ($1, $2, 1, $3, $4, now() + $5 * interval '1 ms', $6, $7, $8)`,
    [
      row.execution ?? 1,
      run,
      row.kind ?? 'run',
      row.workflow ?? 'w',
      row.dueMs ?? -1000,
      row.claimedBy ?? null,
      row.crashes ?? 0,
      row.tag ?? null,
    ],
  )
}

const claim = (limit: number, more: object = {}) =>
  claimDue(database.pool, { process: me, limit, effects: true, ...more }).then((rows) =>
    rows.map(({ run }) => run).sort(),
  )

describe('lateness', () => {
  it('is told of timers and first tries; of an effect whose process died it is not known', async () => {
    await put('a')
    await put('died', { crashes: 1 })
    await put('nap', { kind: 'wake', crashes: 1 })
    const late = async (effects: boolean) =>
      (await claimDue(database.pool, { process: me, limit: 10, effects }))
        .map(({ run, lateMs }) => `${run} ${typeof lateMs}`)
        .sort()
    expect(await late(true)).toEqual(['a number', 'died object'])
    expect(await late(false)).toEqual(['nap number'])
  })
})

describe('tags', () => {
  it('are claimed by those who ask for them, and by nobody else', async () => {
    await put('free')
    await put('a', { tag: 'zone-a' })
    await put('b', { tag: 'zone-b', workflow: 'v' })
    await put('broken', { tag: 'zone-a', crashes: 2 })
    expect(await claim(10, { suspect: true })).toEqual(['free'])
    expect(await claim(10, { tag: 'zone-c' })).toEqual([])
    expect(await claim(10, { tag: 'zone-a' })).toEqual(['a'])
    expect(await claim(10, { tag: 'zone-a', suspect: true })).toEqual(['broken'])
    expect(await claim(10, { tag: 'zone-b' })).toEqual(['b'])
  })

  it('do not keep those awake who cannot serve them', async () => {
    await put('a', { tag: 'zone-a' })
    const kinds = { effects: true }
    expect(await nextDueMs(database.pool, [kinds])).toBeUndefined()
    expect(await nextDueMs(database.pool, [{ ...kinds, tag: 'zone-a' }])).toBeLessThan(0)
    expect(await waitingWorkflows(database.pool)).toEqual([])
    expect(await waitingWorkflows(database.pool, 'zone-a')).toEqual(['w'])
  })

  it('cost the others nothing: looking for work does not read past rows nobody serves', async () => {
    await database.pool.run(
      `insert into fermata.queue (execution_id, run, attempt, kind, workflow, tag)
       select n, 'r', 1, 'run', 'w', 'zone-a' from generate_series(1, 5000) n`,
    )
    const plan = await database.pool.query<{ 'QUERY PLAN': string }>(
      `explain select from fermata.queue q where q.workflow = 'w' and q.claimed_by is null and q.kind = 'run' and q.tag is null
       and q.due_at <= now() order by q.due_at limit 10`,
    )
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('queue_effects')
    const [index] = await database.pool.query<{ bytes: number }>(
      `select pg_relation_size('fermata.queue_effects')::int as bytes`,
    )
    expect(index?.bytes).toBeLessThan(50_000)
  })
})

describe('claimDue', () => {
  it('takes what is due, oldest first, and nothing twice', async () => {
    for (const [run, dueMs] of [
      ['new', -10],
      ['old', -5000],
      ['later', 60_000],
      ['mid', -100],
    ] as const) {
      await put(run, { dueMs })
    }
    await put('timer', { kind: 'wake' })
    expect(await claim(2)).toEqual(['mid', 'old'])
    expect(await claim(5, { process: other })).toEqual(['new'])
    expect(await claim(5)).toEqual([])
    expect(await claim(5, { effects: false })).toEqual(['timer'])
  })

  it('serves workflows in turn, those with the fewest effects under way first', async () => {
    for (let n = 0; n < 9; n++) await put(`a${n}`, { workflow: 'a', dueMs: -9000 + n })
    for (let n = 0; n < 2; n++) await put(`b${n}`, { workflow: 'b', dueMs: -10 + n })
    expect(await claim(1, { taken: new Map([['a', 1]]) })).toEqual(['b0'])
    expect(await claim(4)).toEqual(['a0', 'a1', 'b1'])
    expect(await claim(4)).toEqual(['a2', 'a3', 'a4', 'a5'])
    expect(await waitingWorkflows(database.pool)).toEqual(['a'])
  })

  it('takes those that were interrupted more than once one by one, and only when asked to', async () => {
    for (let n = 0; n < 3; n++) await put(`s${n}`, { crashes: 2, dueMs: -500 + n })
    await put('fresh')
    await put('interrupted-once', { crashes: 1 })
    expect(await claim(10)).toEqual(['fresh', 'interrupted-once'])
    expect(await claim(10, { suspect: true })).toEqual(['s0'])
    expect(await claim(10, { suspect: true })).toEqual(['s1'])
    await put('timer', { kind: 'wake', crashes: 2 })
    expect(await claim(10, { effects: false })).toEqual(['timer'])
  })

  it('gives nothing to a process that was declared dead', async () => {
    await put('a')
    await put('s', { crashes: 2 })
    expect(await claim(5, { process: dead, suspect: true })).toEqual([])
    expect(await claim(5, { suspect: true })).toEqual(['a', 's'])
  })

  it('shares between many who ask at once without giving anything twice', async () => {
    for (let n = 0; n < 60; n++) await put(`r${n}`)
    const takes = await Promise.all(
      Array.from({ length: 12 }, (_, n) => claim(5, { process: n % 2 ? me : other })),
    )
    const all = takes.flat()
    expect(new Set(all).size).toBe(all.length)
    while ((await claim(50)).length > 0);
    expect(await claimsOf(database.pool, me).then((rows) => rows.length)).toBeLessThanOrEqual(60)
    expect(await waitingWorkflows(database.pool)).toEqual([])
  })
})

describe('nextDueMs', () => {
  it('looks only at what this process takes up', async () => {
    await put('timer', { kind: 'wake', dueMs: 50_000 })
    await put('effect', { dueMs: 90_000 })
    await put('mine', { dueMs: -5, claimedBy: me })
    const next = (effects: boolean) => nextDueMs(database.pool, [{ effects }])
    expect(await next(false)).toBeLessThanOrEqual(50_000)
    expect(await next(true)).toBeGreaterThan(50_000)

    expect(await next(true)).toBeGreaterThan(50_000)
  })
})

describe('claims', () => {
  it('of processes that are gone are freed with a crash to their name, and fence the executions', async () => {
    for (const id of [1, 2]) {
      await database.pool.run(
        `insert into fermata.executions (id, workflow, version, status, snapshot, trigger, started_by)
         values ($1, 'w', 1, 'running', '{}', 'api', 'x')`,
        [id],
      )
    }
    await put('lost', { execution: 1, claimedBy: dead })
    await put('lost-too', { execution: 1, claimedBy: dead, crashes: 1 })
    await put('mine', { execution: 2, claimedBy: me })
    expect(await releaseOrphans(database.pool, 10)).toBe(2)
    expect(await releaseOrphans(database.pool, 10)).toBe(0)
    expect(
      await database.pool.query(
        'select run, claimed_by is null as free, crashes from fermata.queue order by run',
      ),
    ).toEqual([
      { run: 'lost', free: true, crashes: 1 },
      { run: 'lost-too', free: true, crashes: 2 },
      { run: 'mine', free: false, crashes: 0 },
    ])
    expect(await database.pool.query('select id, seq from fermata.executions order by id')).toEqual([
      { id: '1', seq: 2 },
      { id: '2', seq: 1 },
    ])
  })

  it('are given back only by those who hold them', async () => {
    await put('a', { claimedBy: me })
    await put('b', { claimedBy: other })
    const rows = [...(await claimsOf(database.pool, me)), ...(await claimsOf(database.pool, other))]
    expect(rows.map(({ run }) => run)).toEqual(['a', 'b'])
    expect(await releaseRows(database.pool, me, rows)).toBe(1)
    await postpone(database.pool, { ...(rows[1] as (typeof rows)[number]), process: me }, 1000)
    const key = { execution: '1', run: 'b', attempt: 1, crashes: 0 }
    const keys = [key, { ...key, run: 'a' }, { ...key, crashes: 1 }]
    expect(await holdsClaims(database.pool, other, keys)).toEqual([true, false, false])
    expect(await holdsClaims(database.pool, me, keys)).toEqual([false, false, false])
  })

  it('go with their process', async () => {
    await removeProcesses(database.pool, [me])
    expect((await listProcesses(database.pool)).map(({ id }) => id)).toEqual([other])
    await registerProcess(database.pool, {
      id: other,
      host: 'h',
      pid: 1,
      roles: [],
      tags: [],
      untagged: true,
      version: '',
      capacity: 1,
    })
    expect(await listProcesses(database.pool)).toHaveLength(1)
  })
})
