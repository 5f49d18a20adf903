// Several engine processes at once; one that is gone is replaced by one that is loaded already.
import { setTimeout as pause } from 'node:timers/promises'
import type { CrashAt } from './crash-points.ts'
import type { EngineChildOptions } from './engine-child.ts'
import { type EngineProcess, forkEngine } from './engine-process.ts'
import type { Random } from './random.ts'

export interface Fleet {
  readonly members: (EngineProcess | undefined)[]
  /** Some member that can be asked. */
  any(random: Random): EngineProcess | undefined
  /** Puts a running engine in this place. */
  fill(place: number): Promise<EngineProcess>
  /** Ends it by this signal, and empties its place at once. */
  end(place: number, signal: NodeJS.Signals): Promise<number | string>
  /** Puts an engine there that kills itself at this point, and waits until it has: false when it never came to that. */
  arm(
    place: number,
    crashAt: CrashAt,
    waiting: { ms: number; meanwhile?(member: EngineProcess): void },
  ): Promise<boolean>
  /** Stops it as a frozen machine would, for so long. */
  freeze(place: number, ms: number): Promise<void>
  /** Puts another in its place, which is up before this one is told to go; how it went. */
  replace(place: number): Promise<{ exit: number | string; ms: number }>
  readonly kills: Kill[]
  /** What engines logged as errors, and those that went away by themselves. */
  readonly complaints: string[]
  readonly deaths: string[]
  close(): Promise<void>
}

export interface Kill {
  pid: number
  at: number
}

export interface FleetOptions extends EngineChildOptions {
  size: number
  /** Programs loaded ahead. */
  spares?: number
  /** Of the n-th process. */
  variables?(nth: number): Record<string, string>
  execArgv?: string[]
}

export function openFleet(options: FleetOptions): Fleet {
  const { size, spares = 1, variables, execArgv, ...engine } = options
  const members: (EngineProcess | undefined)[] = Array.from({ length: size }, () => undefined)
  const all = new Set<EngineProcess>()
  const kills: Kill[] = []
  const complaints: string[] = []
  const deaths: string[] = []
  const wanted = new Set<EngineProcess>()
  const frozen = new Set<EngineProcess>()
  const ready: EngineProcess[] = []
  let loaded = 0

  function load(): EngineProcess {
    const made = forkEngine(engine, variables?.(++loaded), execArgv)
    all.add(made)
    void made.ended.then((how) => {
      if (!wanted.has(made)) deaths.push(`process ${made.pid} ended by itself: ${how}`)
      complaints.push(...made.complaints)
      all.delete(made)
    })
    return made
  }

  async function arm(...[place, crashAt, { ms, meanwhile }]: Parameters<Fleet['arm']>): Promise<boolean> {
    const next = take()
    wanted.add(next)
    const reply = await next.ask({ do: 'go', crashAt }, 60_000)
    if (reply && next.isAlive) members[place] = next
    meanwhile?.(next)
    const hasDied = await Promise.race([next.ended.then(() => true), pause(ms, false)])
    members[place] = undefined
    kills.push({ pid: next.pid, at: Date.now() })
    next.signal('SIGKILL')
    await next.ended
    return hasDied
  }

  async function freeze(place: number, ms: number): Promise<void> {
    const member = members[place]
    if (!member) return
    frozen.add(member)
    member.signal('SIGSTOP')
    await pause(ms)
    member.signal('SIGCONT')
    frozen.delete(member)
  }

  async function replace(place: number): Promise<{ exit: number | string; ms: number }> {
    const old = members[place]
    await fill(place)
    if (!old) return { exit: 0, ms: 0 }
    wanted.add(old)
    const at = performance.now()
    old.signal('SIGTERM')
    return { exit: await old.ended, ms: Math.round(performance.now() - at) }
  }

  function take(): EngineProcess {
    const next = ready.shift() ?? load()
    while (ready.length < spares) ready.push(load())
    return next
  }

  async function fill(place: number): Promise<EngineProcess> {
    const next = take()
    const reply = await next.ask({ do: 'go' }, 60_000)
    if (reply && 'done' in reply) {
      members[place] = next
      return next
    }
    wanted.add(next)
    next.signal('SIGKILL')
    // The database may be away at this moment.
    await pause(100)
    return fill(place)
  }

  return {
    members,
    kills,
    complaints,
    deaths,
    fill,
    arm,
    freeze,
    replace,
    any(random) {
      const live = members.filter((member) => member?.isAlive && !frozen.has(member))
      return live.length > 0 ? random.pick(live) : undefined
    },
    async end(place, signal) {
      const member = members[place]
      if (!member) return 'none'
      members[place] = undefined
      wanted.add(member)
      if (signal === 'SIGKILL') kills.push({ pid: member.pid, at: Date.now() })
      member.signal(signal)
      return member.ended
    },
    async close() {
      for (const member of all) {
        wanted.add(member)
        member.signal('SIGCONT')
        member.signal('SIGKILL')
      }
      await Promise.all([...all].map(({ ended }) => ended))
    },
  }
}
