// One crash: a workflow runs in a child process that is killed at a given commit; an engine in this process goes on.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import { type RunningEngine, startEngine } from '../../src/runtime/start-engine.ts'
import { emptyServices, loudLog, silentLog, until } from '../helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { answerTasks } from './answer-tasks.ts'
import { type EngineChild, killAll, loadChild, times } from './children.ts'
import type { KillAt } from './crash-points.ts'
import { typesWithLedger } from './effect-types.ts'
import type { ChildOptions } from './engine-child.ts'
import { executionsOf, isQuiet, keepTransitions } from './oracle.ts'

type ChildWork = Pick<ChildOptions, 'concurrency' | 'tags' | 'untagged'>

export interface Theatre {
  database: TestDatabase
  folder: string
  ledger: string
  /** A child whose engine is not started yet. */
  child(options?: ChildWork): Promise<EngineChild>
  /** An engine in this process. */
  engine(log?: typeof loudLog): Promise<RunningEngine>
  crash(workflow: string, killAt: KillAt, inputs?: JsonObject): Promise<Crash>
  /** Ends what the last test started. */
  clear(): Promise<void>
  close(): Promise<void>
}

export interface Crash {
  id: string
  /** False when the execution had ended before the n-th commit. */
  wasKilled: boolean
  /** What went on after the crash; still running. */
  engine: RunningEngine
}

export async function openTheatre(): Promise<Theatre> {
  const database = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'fermata-chaos-'))
  const ledger = join(folder, 'ledger')
  await keepTransitions(database.pool)
  const children: EngineChild[] = []
  const running: (() => Promise<void>)[] = []

  async function child(options: ChildWork = {}): Promise<EngineChild> {
    const made = await loadChild({ url: database.url, ledger, ...options })
    children.push(made)
    return made
  }

  async function engine(log = loudLog): Promise<RunningEngine> {
    const types = await typesWithLedger(ledger)
    const started = await startEngine({
      pool: database.pool,
      types,
      services: emptyServices(),
      log,
      ...times,
    })
    const sendPersonHome = answerTasks(database.pool, started)
    running.push(async () => {
      sendPersonHome()
      await started.stop()
    })
    return started
  }

  async function crash(workflow: string, killAt: KillAt, inputs: JsonObject = {}): Promise<Crash> {
    const victim = await child()
    const request = { workflow, inputs, dedupKey: `${workflow} ${killAt.commit} ${killAt.side}` }
    const untilQuiet = () =>
      until(
        () => executionsOf(database.pool, workflow),
        (rows) => isQuiet(rows),
      )
    await victim.go(killAt)
    if (await victim.start([request])) await Promise.race([victim.ended, untilQuiet()])
    // What its last commit wrote may be seen before it dies of it: only the dead do not answer.
    const wasKilled = (await victim.commits()) === undefined
    victim.signal('SIGKILL')
    await victim.ended
    expect(victim.complaints).toEqual([])
    const next = await engine(wasKilled ? silentLog : loudLog)
    const { id } = await next.start({ ...request, by: { name: 'chaos' } })
    await untilQuiet()
    return { id, wasKilled, engine: next }
  }

  async function clear(): Promise<void> {
    for (const stop of running.splice(0)) await stop()
    await killAll(children.splice(0))
  }

  async function close(): Promise<void> {
    await clear()
    await database.drop()
    await rm(folder, { recursive: true })
  }

  return { database, folder, ledger, child, engine, crash, clear, close }
}
