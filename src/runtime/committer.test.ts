import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import type { Save } from '../store/save.ts'
import { openWriter, type Writer } from '../store/writer.ts'
import { type Committer, createCommitter, isTransient } from './committer.ts'

let database: TestDatabase
let committer: Committer
/** What happens to the next statements: sent or not, answered or not. */
let fates: ('lost before' | 'lost after' | 'fine')[]
/** Runs when a statement or its answer is about to be lost. */
let meanwhile: () => Promise<unknown>
const process = '00000000-0000-4000-8000-000000000001'

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

beforeEach(async () => {
  await database.pool.run('truncate fermata.executions, fermata.node_runs, fermata.run_packs, fermata.queue')
  fates = []
  meanwhile = async () => undefined
  committer = createCommitter(unreliable(openWriter(database.pool)))
})
afterEach(() => committer.close())

function unreliable(writer: Writer): Writer {
  return {
    ...writer,
    async query<R extends object>(text: string, values?: readonly unknown[], name?: string) {
      const fate = name?.startsWith('save_') ? (fates.shift() ?? 'fine') : 'fine'
      const lost = new Error('Connection terminated unexpectedly')
      const rows = fate === 'lost before' ? [] : await writer.query<R>(text, values, name)
      if (fate === 'fine') return rows
      await meanwhile()
      throw lost
    },
  }
}

const rest = { unqueue: [], tasks: [], closeTasks: [], bindings: [], blobs: [], logs: [], acts: [] }

function saveOf(id: string, seq: number, more: Partial<Save> = {}): Save {
  const insert = {
    workflow: 'w',
    version: 1,
    pinned: true,
    test: false,
    inputs: {},
    trigger: 'api',
    startedBy: 'admin',
    depth: 0,
    createdAt: Date.now(),
  }
  return {
    id,
    seq,
    ...(seq === 0 ? { insert } : {}),
    header: { status: 'running', waiting: false, attention: false, snapshot: `{"n":${seq}}` },
    runs: [],
    queue: [],
    ...rest,
    ...more,
  }
}

const effect = (run: string) => [{ run, attempt: 1, kind: 'run' as const, workflow: 'w', claimedBy: process }]
const seqOf = async (id: string) =>
  (await database.pool.query<{ seq: number }>('select seq from fermata.executions where id = $1', [id]))[0]
    ?.seq

describe('a commit of unknown fate', () => {
  it.each(['lost before', 'lost after'] as const)('is written once, and known to be: %s', async (fate) => {
    fates = [fate]
    expect(await committer.save(saveOf('1', 0, { queue: effect('a') }))).toBe(true)
    fates = [fate, fate, 'fine']
    expect(await committer.save(saveOf('1', 1, { queue: effect('b') }))).toBe(true)
    expect(await seqOf('1')).toBe(2)
    expect(await database.pool.query('select run from fermata.queue order by run')).toEqual([
      { run: 'a' },
      { run: 'b' },
    ])
  })

  it('is known to be ours by more than its new rows, which are there already', async () => {
    fates = ['lost after']
    const run = {
      run: 'a',
      attempt: 1,
      node: 'a',
      status: 'completed',
      fresh: true,
      startedAt: 1,
      endedAt: 2,
    }
    expect(await committer.save(saveOf('1', 0, { runs: [run] }))).toBe(true)
    fates = ['lost after']
    expect(await committer.save(saveOf('1', 1, { runs: [{ ...run, run: 'b' }] }))).toBe(true)
    expect(await seqOf('1')).toBe(2)
  })

  it('of a new execution is known although others have moved it on already', async () => {
    fates = ['lost after']
    meanwhile = () => database.pool.run('update fermata.executions set seq = seq + 1')
    expect(await committer.save(saveOf('2', 0))).toBe(true)
  })

  it('is not taken for ours when another process wrote the same snapshot', async () => {
    await committer.save(saveOf('3', 0))
    fates = ['lost before']
    const waiting = committer.save(saveOf('3', 1, { queue: effect('a') }))
    await database.pool.run(`update fermata.executions set seq = 2, snapshot = '{"n":1}' where id = 3`)
    expect(await waiting).toBe(false)
    expect(await database.pool.query('select from fermata.queue')).toEqual([])
  })
})

describe('an effect that follows another one', () => {
  const ended = [{ run: 'a', attempt: 1, kind: 'run' }]
  const queued = () => database.pool.query('select execution_id as id, run from fermata.queue order by 1, 2')

  it('is queued also when the row it was to take is gone, whatever is written with it', async () => {
    await Promise.all(['1', '2'].map((id) => committer.save(saveOf(id, 0, { queue: effect('a') }))))
    await database.pool.run('delete from fermata.queue where execution_id = 1')
    const moves = ['1', '2'].map((id) =>
      committer.save(saveOf(id, 1, { unqueue: ended, queue: effect('b') })),
    )
    expect(await Promise.all(moves)).toEqual([true, true])
    expect(await queued()).toEqual([
      { id: '1', run: 'b' },
      { id: '2', run: 'b' },
    ])
  })

  it('is not queued when its guard refuses it, and the others are', async () => {
    await Promise.all(['1', '2'].map((id) => committer.save(saveOf(id, 0, { queue: effect('a') }))))
    await database.pool.run('update fermata.executions set seq = 7 where id = 1')
    const moves = ['1', '2'].map((id) =>
      committer.save(saveOf(id, 1, { unqueue: ended, queue: effect('b') })),
    )
    expect(await Promise.all(moves)).toEqual([false, true])
    expect(await queued()).toEqual([
      { id: '1', run: 'a' },
      { id: '2', run: 'b' },
    ])
  })

  it.each(['lost before', 'lost after'] as const)('is queued once: %s', async (fate) => {
    await committer.save(saveOf('1', 0, { queue: effect('a') }))
    fates = [fate]
    expect(await committer.save(saveOf('1', 1, { unqueue: ended, queue: effect('b') }))).toBe(true)
    expect(await queued()).toEqual([{ id: '1', run: 'b' }])
  })
})

describe('a batch', () => {
  it('is not taken for ours when the release of its claim moved seq in its place', async () => {
    await committer.save(saveOf('1', 0))
    const note = { run: 'a', attempt: 1, node: 'a', status: 'running', worker: '7@a' }
    for (const [n, more] of [{ runs: [note] }, { parked: [{ run: 'a', attempt: 1 }] }].entries()) {
      fates = ['lost before']
      const saving = committer.save(saveOf('1', 1 + n, { ...more }))
      await database.pool.run('update fermata.executions set seq = seq + 1, snapshot = $1', [
        `{"n":${1 + n}}`,
      ])
      expect(await saving).toBe(false)
    }
    fates = ['lost after']
    meanwhile = async () => undefined
    expect(await committer.save(saveOf('1', 3, { runs: [note] }))).toBe(true)
  })

  it('tells each save its own fate: written, refused by its guard, impossible', async () => {
    await committer.save(saveOf('4', 0))
    const impossible = saveOf('6', 0, {
      tasks: [{ run: 'a', attempt: 1, kind: 'nonsense', title: 't', assignees: [] }],
    })
    const answers = await Promise.allSettled([
      committer.save(saveOf('5', 0)),
      committer.save(saveOf('4', 7)),
      committer.save(impossible),
      committer.save(saveOf('4', 1)),
    ])
    expect(
      answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : answer.reason.code)),
    ).toEqual([true, false, '23514', true])
    expect([await seqOf('4'), await seqOf('5'), await seqOf('6')]).toEqual([2, 1, undefined])
  })

  it('says when nothing is under way any more', async () => {
    const saves = Array.from({ length: 100 }, (_, n) => committer.save(saveOf(String(100 + n), 0)))
    await committer.idle()
    expect(await Promise.all(saves)).toEqual(saves.map(() => true))
    expect(committer.figures.saves).toBe(100)
    await committer.idle()
  })
})

describe('isTransient', () => {
  it('tells a database that is away from a statement that is wrong', () => {
    const coded = (code: string) => Object.assign(new Error('x'), { code })
    const yes = [
      coded('57P01'),
      coded('40P01'),
      coded('53300'),
      coded('25006'),
      coded('08006'),
      coded('26000'),
      coded('ECONNRESET'),
    ]
    expect([...yes, new Error('timeout exceeded when trying to connect')].every(isTransient)).toBe(true)
    const no = [
      coded('23505'),
      coded('42601'),
      coded('22P02'),
      new Error('Cannot read properties'),
      'text',
      undefined,
    ]
    expect(no.some(isTransient)).toBe(false)
  })
})
