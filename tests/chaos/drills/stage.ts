// What a drill plays on: a database of its own, child processes with an engine each, the ledger of their effects.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Pool } from '../../../src/store/db.ts'
import type { TestDatabase } from '../../helpers/postgres.ts'
import { findBreaches } from '../harness/oracle-rows.ts'
import { type ChildOptions, type EngineChild, type Flaw, killAll, loadChild } from './children.ts'
import { type LedgerLine, readLedger } from './effect-log.ts'

/** Plays something and returns what went wrong; nothing, unless the product is broken. */
export type Drill = (stage: Stage) => Promise<string[]>

export interface Stage {
  pool: Pool
  flaw: Flaw | undefined
  /** For files that effects wait for. */
  folder: string
  /** Loaded, its engine not started. */
  load(options?: Partial<ChildOptions>, more?: Flaw): EngineChild
  /** So many, their engines started; `more`: what is wrong with these besides the flaw of the stage. */
  children(count: number, options?: Partial<ChildOptions>, more?: Flaw): Promise<EngineChild[]>
  lines(): LedgerLine[]
  /** Polls until it holds; false when nothing has moved for so long that nothing will any more. */
  reach(holds: () => Promise<boolean> | boolean): Promise<boolean>
  /** Until every execution has ended or waits for an operator; a complaint for each that never will. */
  settle(): Promise<string[]>
  /** Breaches of what must hold of every ended execution, and whatever the children complained about. */
  judge(): Promise<string[]>
  close(): Promise<void>
}

/** Where no process dies none is to be taken for dead, however busy the machine is. */
export const steady: Partial<ChildOptions> = { deadAfterMs: 20_000 }
/** Where one does, the others are given that much. */
const deadAfterMs = 1500

export interface StageOptions {
  /** One that keeps its log of transitions. Dropped with the stage. */
  database: TestDatabase
  flaw?: Flaw
  /** How long nothing moves before it is taken to be stuck. */
  patienceMs: number
}

export async function openStage({ database, flaw, patienceMs }: StageOptions): Promise<Stage> {
  const { pool } = database
  const folder = await mkdtemp(join(tmpdir(), 'fermata-drill-'))
  const ledger = join(folder, 'ledger')
  const all: EngineChild[] = []

  function load(options: Partial<ChildOptions> = {}, more?: Flaw): EngineChild {
    const both = {
      preload: [...(flaw?.preload ?? []), ...(more?.preload ?? [])],
      env: { ...flaw?.env, ...more?.env },
    }
    const child = loadChild({ url: database.url, ledger, deadAfterMs, person: true, ...options }, both)
    all.push(child)
    return child
  }

  async function children(
    count: number,
    options?: Partial<ChildOptions>,
    more?: Flaw,
  ): Promise<EngineChild[]> {
    const loaded = Array.from({ length: count }, () => load(options, more))
    await Promise.all(loaded.map((child) => child.go()))
    return loaded
  }

  async function reach(holds: () => Promise<boolean> | boolean): Promise<boolean> {
    let moved = ''
    let movedAt = performance.now()
    while (!(await holds())) {
      const now = `${await countMoves(pool)} ${readLedger(ledger).length}`
      if (now !== moved) movedAt = performance.now()
      moved = now
      if (performance.now() - movedAt > patienceMs) return false
      await pause(10)
    }
    return true
  }

  async function settle(): Promise<string[]> {
    if (await reach(async () => (await liveOnes(pool)).length === 0)) {
      // What was queued for one that has ended meanwhile is still on its way out; what stays is found by `judge`.
      await reach(async () => (await leftWork(pool)).length === 0)
      return []
    }
    return (await liveOnes(pool)).map((what) => `nothing moves any more: ${what}`)
  }

  async function judge(): Promise<string[]> {
    const complaints = all.flatMap((child) => child.complaints.map((text) => `a process complained: ${text}`))
    return [...(await findBreaches(pool)), ...complaints]
  }

  async function close(): Promise<void> {
    await killAll(all)
    await database.drop()
    await rm(folder, { recursive: true })
  }

  return { pool, flaw, folder, load, children, lines: () => readLedger(ledger), reach, settle, judge, close }
}

async function countMoves(pool: Pool): Promise<number> {
  const [row] = await pool.query<{ moves: number }>(
    'select ((select count(*) from public.steps) + (select count(*) from public.marks))::int as moves',
  )
  return row?.moves ?? 0
}

const leftWork = (pool: Pool) =>
  pool.query(
    `select from fermata.queue q join fermata.executions e on e.id = q.execution_id where e.ended_at is not null`,
  )

async function liveOnes(pool: Pool): Promise<string[]> {
  const rows = await pool.query<{ what: string }>(
    `select workflow || ' ' || id || ' is ' || status as what from fermata.executions
     where status in ('queued', 'running', 'paused') and not attention order by id`,
  )
  return rows.map(({ what }) => what)
}
