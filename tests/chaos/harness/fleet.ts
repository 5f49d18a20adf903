// Several engine processes at once; one that is gone is replaced by one that is loaded already.
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
  variables?: Record<string, string>
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
  const ready: EngineProcess[] = []

  function load(): EngineProcess {
    const made = forkEngine(engine, variables, execArgv)
    all.add(made)
    void made.ended.then((how) => {
      if (!wanted.has(made)) deaths.push(`process ${made.pid} ended by itself: ${how}`)
      complaints.push(...made.complaints)
      all.delete(made)
    })
    return made
  }

  async function fill(place: number): Promise<EngineProcess> {
    const next = ready.shift() ?? load()
    while (ready.length < spares) ready.push(load())
    const reply = await next.ask({ do: 'go' }, 60_000)
    if (reply && 'done' in reply) {
      members[place] = next
      return next
    }
    wanted.add(next)
    next.signal('SIGKILL')
    // The database may be away at this moment.
    await new Promise((resolve) => setTimeout(resolve, 100))
    return fill(place)
  }

  return {
    members,
    kills,
    complaints,
    deaths,
    fill,
    any(random) {
      const live = members.filter((member) => member?.isAlive)
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
