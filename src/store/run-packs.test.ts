import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptySave } from '../../tests/helpers/empty-save.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { choosePacked } from './run-packs.ts'
import type { RunRow, Save } from './save.ts'
import { writeSaves } from './write-saves.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const at = Date.UTC(2026, 10, 22, 1, 2, 3, 456)

/** A run as an inline node leaves it. */
function plain(run: string, more: Partial<RunRow> = {}): RunRow {
  const settled = { attempt: 1, node: run, status: 'completed', fresh: true, worker: '7@abcdefgh' }
  return { run, ...settled, input: '{"a":1}', output: 'null', startedAt: at, endedAt: at + 1, ...more }
}

const always = () => true
const packedOf = (rows: RunRow[], began: (row: RunRow) => boolean = always): string[] => {
  choosePacked(rows, began)
  return rows.filter(({ packed }) => packed).map(({ run }) => run)
}

describe('which node runs share a row', () => {
  it('those that began and ended in this save, when there are several', () => {
    expect(packedOf([plain('a'), plain('b')])).toEqual(['a', 'b'])
    expect(packedOf([plain('a')])).toEqual([])
    expect(packedOf([plain('a'), plain('b'), plain('c')], ({ run }) => run !== 'b')).toEqual(['a', 'c'])
  })

  it.each<[string, Partial<RunRow>]>([
    ['failed', { status: 'failed', error: { code: 'x' } }],
    ['was repeated', { attempt: 2 }],
    ['may be there already', { fresh: false }],
    ['belongs to a record', { record: 'hosts/1' }],
    ['was settled by hand', { manual: { act: 'completed' } }],
    ['waits', { wait: { for: 'time' } }],
    ['keeps its output elsewhere', { output: undefined } as unknown as Partial<RunRow>],
    ['has what cannot be taken apart', { output: '"\\u0000"' }],
    ['has half a character', { input: '{"a":"\\ud83d"}' }],
    ['is large', { output: JSON.stringify('x'.repeat(2000)) }],
  ])('not one that %s', (_why, more) => {
    expect(packedOf([plain('a'), plain('b', more), plain('c')])).toEqual(['a', 'c'])
  })
})

function saveOf(id: string, runs: RunRow[]): Save {
  const execution = {
    workflow: 'w',
    version: 1,
    pinned: true,
    test: false,
    inputs: {},
    depth: 0,
    createdAt: at,
  }
  return {
    id,
    seq: 0,
    insert: { ...execution, trigger: 'api', startedBy: 'admin' },
    header: {
      status: 'completed',
      waiting: false,
      attention: false,
      snapshot: '{}',
      startedAt: at,
      endedAt: at + 9,
    },
    ...emptySave,
    runs,
  }
}

const stored = (id: string) =>
  database.pool.query<{ run: string }>(
    `select run, attempt, node, status, record, manual, wait, input::text, output::text, error, started_at, ended_at, worker, seq
     from fermata.all_node_runs where execution_id = $1 order by run`,
    [id],
  )

const countPacks = async (id: string): Promise<number> =>
  (await database.pool.query('select from fermata.run_packs where execution_id = $1', [id])).length

/** The same runs with a row each, and in packs. */
async function writeBoth(id: string, make: () => RunRow[]): Promise<void> {
  const shared = make()
  choosePacked(shared, always)
  const saves = [saveOf(`${id}1`, make()), saveOf(`${id}2`, shared)]
  expect(await writeSaves(database.pool, saves)).toEqual(new Set([`${id}1`, `${id}2`]))
  expect(await stored(`${id}2`)).toEqual(await stored(`${id}1`))
}

describe('node runs that share a row', () => {
  it('are read exactly as if each had its own', async () => {
    await writeBoth('1', () => [
      plain('a'),
      plain('each[41]/b', {
        node: 'b',
        startedAt: at + 3,
        endedAt: at + 70_000,
        output: '{ "t":  "сон 梦" }',
      }),
      plain('c', { output: JSON.stringify('quotes " and \\ and \n and \u2028'), input: '[]' }),
      plain('n', { output: '"\\u0000"' }),
      plain('d', { status: 'failed', error: { code: 'no' } }),
    ])
    expect(await countPacks('11')).toBe(0)
    expect(await countPacks('12')).toBe(1)
    expect(await stored('12')).toHaveLength(5)
  })

  it('stay together page by page, however many there are', async () => {
    await writeBoth('2', () =>
      Array.from({ length: 100 }, (_, n) => plain(`n${n}`, { output: `"${'y'.repeat(400)}"` })),
    )
    expect(await countPacks('22')).toBeGreaterThan(5)
    expect(await stored('22')).toHaveLength(100)
  })

  it('are not written when another process was first', async () => {
    const [one, other] = [saveOf('31', [plain('a'), plain('b')]), saveOf('31', [plain('a'), plain('b')])]
    for (const { runs } of [one, other]) choosePacked(runs, always)
    expect(await writeSaves(database.pool, [one])).toEqual(new Set(['31']))
    expect(await writeSaves(database.pool, [other, saveOf('32', [plain('a')])])).toEqual(new Set(['32']))
    expect(await countPacks('31')).toBe(1)
    expect(await stored('31')).toHaveLength(2)
  })
})
