// Engines in child processes, as the drills see them: whatever is asked of one that dies is answered by undefined.
import { setTimeout as pause } from 'node:timers/promises'
import type { Json } from '../../../src/core/json.ts'
import type { Act, StartRequest } from '../../../src/runtime/engine.ts'
import type { CrashAt } from '../harness/crash-points.ts'
import type { EngineChildOptions } from '../harness/engine-child.ts'
import { type EngineProcess, forkEngine } from '../harness/engine-process.ts'

/** Something a person does; without `act` the answer to a task. */
export type ChildAct = { id: string; act: Act } | { task: string; output: Json }

export interface EngineChild extends Pick<EngineProcess, 'pid' | 'signal' | 'ended' | 'complaints'> {
  /** Starts its engine, which kills itself at this point. */
  go(crashAt?: CrashAt): Promise<void>
  /** Ids, once all are acknowledged. As a client does: asks again while the database is away. */
  start(requests: readonly Omit<StartRequest, 'by'>[]): Promise<string[] | undefined>
  /** For each what it was refused for, or null. */
  act(acts: readonly ChildAct[]): Promise<(string | null)[] | undefined>
}

export const times = { beatMs: 100, deadAfterMs: 400 }

/** What is wrong with a child from the start: modules loaded before all others, told what to do by `env`. */
export interface Flaw {
  preload: readonly string[]
  env: Readonly<Record<string, string>>
}

export type ChildOptions = Omit<EngineChildOptions, 'beatMs' | 'deadAfterMs'> & Partial<EngineChildOptions>

export function loadChild(options: ChildOptions, flaw: Flaw = { preload: [], env: {} }): EngineChild {
  const preload = flaw.preload.flatMap((file) => ['--import', file])
  const engine = forkEngine({ ...times, ...options }, { ...flaw.env }, preload)
  return {
    ...engine,
    async go(crashAt) {
      await engine.ask({ do: 'go', ...(crashAt ? { crashAt } : {}) }, 60_000)
    },
    start: (requests) => all(requests.map((request) => startOne(engine, request))),
    act: (acts) => all(acts.map((act) => actOnce(engine, act))),
  }
}

async function all<T>(answers: readonly Promise<T | undefined>[]): Promise<T[] | undefined> {
  const known = await Promise.all(answers)
  const given = known.filter((answer) => answer !== undefined)
  return given.length === known.length ? given : undefined
}

async function startOne(
  engine: EngineProcess,
  request: Omit<StartRequest, 'by'>,
): Promise<string | undefined> {
  for (;;) {
    const reply = await engine.ask({ do: 'start', request })
    if (!reply) return undefined
    if ('done' in reply) return reply.done
    if (reply.refused.code !== 'unavailable') return undefined
    await pause(20)
  }
}

async function actOnce(engine: EngineProcess, act: ChildAct): Promise<string | null | undefined> {
  const reply = await engine.ask(
    'act' in act
      ? { do: 'act', execution: act.id, act: act.act }
      : { do: 'answer', task: act.task, answer: { output: act.output } },
  )
  if (!reply) return undefined
  return 'done' in reply ? null : reply.refused.code
}

/** Kills children that are still there. */
export async function killAll(children: readonly EngineChild[]): Promise<void> {
  for (const child of children) {
    child.signal('SIGCONT')
    child.signal('SIGKILL')
    await child.ended
  }
}
