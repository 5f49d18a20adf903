import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptySave } from '../../tests/helpers/empty-save.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import type { Save } from './save.ts'
import { writeSaves } from './write-saves.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const running = { status: 'running', waiting: false, attention: false, snapshot: '{}', startedAt: Date.now() }

function newSave(id: string, more: Partial<Save> = {}): Save {
  return {
    id,
    seq: 0,
    insert: {
      workflow: 'w',
      version: 1,
      pinned: true,
      test: false,
      inputs: { a: 1 },
      trigger: 'api',
      startedBy: 'admin',
      depth: 0,
      createdAt: Date.now(),
    },
    header: running,
    ...emptySave,
    ...more,
  }
}

async function count(table: string, id: string): Promise<number> {
  const rows = await database.pool.query<{ n: string }>(
    `select count(*) as n from fermata.${table} where execution_id = $1`,
    [id],
  )
  return Number(rows[0]?.n)
}

describe('writeSaves', () => {
  it('writes every part of several executions in one statement', async () => {
    const full = newSave('1', {
      runs: [
        { run: 'a', attempt: 1, node: 'a', status: 'completed', output: '{"x":1}', startedAt: 1, endedAt: 2 },
      ],
      queue: [{ run: 'b', attempt: 1, kind: 'run', workflow: 'w' }],
      tasks: [
        { run: 'c', attempt: 1, kind: 'manual', title: 'T', assignees: ['role:x', 'y'], options: ['p'] },
      ],
      bindings: [
        {
          run: 'd',
          collection: 'host',
          records: ['h1', 'h2'],
          labels: ['H 1', 'H "2"'],
          mode: 'start',
          toOne: false,
        },
      ],
      logs: [{ run: 'a', attempt: 1, line: 1, at: 1, level: 'info', text: 'line' }],
      acts: [{ act: 'start', by: 'admin', reason: 'because' }],
    })
    expect(await writeSaves(database.pool, [full, newSave('2')])).toEqual(new Set(['1', '2']))
    for (const table of ['node_runs', 'queue', 'tasks', 'bindings', 'run_logs', 'acts']) {
      expect(await count(table, '1'), table).toBe(1)
      expect(await count(table, '2'), table).toBe(0)
    }
    const [binding] = await database.pool.query<{ labels: string[] }>(
      'select labels from fermata.bindings where execution_id = 1',
    )
    expect(binding?.labels).toEqual(['H 1', 'H "2"'])
  })

  it('refuses a save based on an old seq, with all its rows', async () => {
    await writeSaves(database.pool, [newSave('10')])
    const stale: Save = {
      id: '10',
      seq: 7,
      header: running,
      ...emptySave,
      runs: [{ run: 'a', attempt: 1, node: 'a', status: 'completed' }],
      queue: [{ run: 'a', attempt: 1, kind: 'run', workflow: 'w' }],
    }
    const fresh: Save = { ...stale, seq: 1, runs: [], queue: [] }
    expect(await writeSaves(database.pool, [stale])).toEqual(new Set())
    expect(await count('node_runs', '10')).toBe(0)
    expect(await count('queue', '10')).toBe(0)
    expect(await writeSaves(database.pool, [fresh])).toEqual(new Set(['10']))
    expect(await writeSaves(database.pool, [fresh])).toEqual(new Set())
  })

  it('replaces the queue row of a finished attempt by the next dispatch in the same save', async () => {
    await writeSaves(database.pool, [
      newSave('20', { queue: [{ run: 'a', attempt: 1, kind: 'run', workflow: 'w' }] }),
    ])
    const next: Save = {
      id: '20',
      seq: 1,
      header: running,
      ...emptySave,
      unqueue: [{ run: 'a', attempt: 1 }],
      queue: [{ run: 'a', attempt: 2, kind: 'run', workflow: 'w', afterMs: 5000 }],
    }
    expect(await writeSaves(database.pool, [next])).toEqual(new Set(['20']))
    const rows = await database.pool.query<{ attempt: number; later: boolean }>(
      'select attempt, due_at > now() as later from fermata.queue where execution_id = 20',
    )
    expect(rows).toEqual([{ attempt: 2, later: true }])
  })

  it('keeps texts apart from nothing, one row at a time or many', async () => {
    const rows = ['', 'a\tb "c" \\ {d}', undefined].map((reason, n) => {
      const save = newSave(String(40 + n))
      return { ...save, header: { ...save.header, ...(reason === undefined ? {} : { reason }) } }
    })
    await writeSaves(database.pool, rows)
    for (const save of rows) await writeSaves(database.pool, [{ ...save, id: `5${save.id}` }])
    const stored = await database.pool.query<{ reason: string | null }>(
      'select reason from fermata.executions where id in (40, 41, 42, 540, 541, 542) order by id',
    )
    const reasons = ['', 'a\tb "c" \\ {d}', null]
    expect(stored.map(({ reason }) => reason)).toEqual([...reasons, ...reasons])
  })

  it('finds the one row without a name among the saves of others', async () => {
    const deadline = { run: '', attempt: 0, kind: 'deadline' as const, workflow: 'w' }
    await writeSaves(database.pool, [newSave('60', { queue: [deadline] }), newSave('61')])
    expect(await count('queue', '60')).toBe(1)
    const next = { seq: 1, header: running, ...emptySave }
    const saves = [
      { ...next, id: '60', unqueue: [deadline] },
      { ...next, id: '61' },
    ]
    expect(await writeSaves(database.pool, saves)).toEqual(new Set(['60', '61']))
    expect(await count('queue', '60')).toBe(0)
  })

  it('inserts an execution with a dedup key once', async () => {
    const one = newSave('30')
    const two = newSave('31')
    for (const save of [one, two]) if (save.insert) save.insert.dedupKey = 'same'
    expect(await writeSaves(database.pool, [one])).toEqual(new Set(['30']))
    expect(await writeSaves(database.pool, [two])).toEqual(new Set())
  })
})
