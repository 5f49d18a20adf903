// This process's heartbeat, and the search for processes that have stopped beating (rule 21).
import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { releaseDeadLocks } from '../store/executions.ts'
import {
  type Beat,
  beat,
  listProcesses,
  registerProcess,
  removeProcesses,
  unregisterProcess,
} from '../store/processes.ts'
import type { Core } from './core.ts'

export interface Presence {
  stop(): Promise<void>
  /** Falls silent without saying good-bye. */
  abandon(): Promise<void>
}

const beatMs = 3000
export const defaultDeadAfterMs = 15_000
const lockCleaningMs = 60_000
const noticedSkewMs = 5000
const skewEveryMs = 60_000

/** Host and process id space: pids of the same place may be compared. */
export function placeName(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

export async function keepPresence(
  core: Core,
  parts: {
    roles: string[]
    tags: string[]
    untagged: boolean
    version: string
    capacity: number
    /** Effects under way. */
    running(): number
    beatMs?: number
    /** Whether others are there that could hear a hint. */
    company(isThere: boolean): void
    /** After each beat: see to what dead processes held and what got lost in this one. */
    upkeep(heard: Beat): Promise<void>
  },
): Promise<Presence> {
  const { roles, tags, untagged, version, capacity, beatMs: everyMs = beatMs } = parts
  const what = { roles, tags, untagged, version, capacity }
  const self = { id: core.process, host: placeName(), pid: process.pid, ...what }
  const tell = async () => {
    const own = { id: self.id, running: parts.running() }
    const heard = await beat(core.pool, { ...own, deadAfterMs: core.deadAfterMs })
    parts.company(heard.others > 0)
    core.packing.heard(heard)
    return heard
  }
  await registerProcess(core.pool, self)
  core.log.info({ host: self.host, roles: self.roles }, 'This process takes part')
  await removeGone(core)
  const tellSkew = skewWarnings(core)
  const first = await tell()
  tellSkew(core.clock.adjust(first.now))
  await parts.upkeep(first)
  let locksCleanedAt = Number.NEGATIVE_INFINITY
  let wake: NodeJS.Timeout | undefined

  async function round(): Promise<void> {
    const heard = await tell()
    if (!heard.alive) await comeBack()
    tellSkew(core.clock.adjust(heard.now))
    afterSilence(heard)
    await parts.upkeep(heard)
    await cleanLocks()
  }

  /** One that will be dead before the next beat is not waited for so long. */
  function afterSilence({ removed, nextMs }: Beat): void {
    if (removed > 0) core.log.warn({ processes: removed }, 'Processes fell silent; their work is taken over')
    clearTimeout(wake)
    if (nextMs < everyMs) wake = setTimeout(() => take(round), nextMs + 1)
  }

  async function cleanLocks(): Promise<void> {
    if (core.clock.now() - locksCleanedAt < lockCleaningMs) return
    locksCleanedAt = core.clock.now()
    await releaseDeadLocks(core.pool)
  }

  /** Others took us for dead, and our claims with it: what runs here is no longer ours. */
  async function comeBack(): Promise<void> {
    core.log.warn({}, 'This process was silent for too long; others have taken over its work')
    await registerProcess(core.pool, self)
  }

  let running: Promise<void> | undefined
  function take(turn: () => Promise<void>): void {
    running ??= turn()
      .catch((error: unknown) => core.log.warn({ err: error }, 'A heartbeat failed'))
      .finally(() => {
        running = undefined
      })
  }
  const timer = setInterval(() => take(round), everyMs)

  async function fallSilent(): Promise<void> {
    clearInterval(timer)
    await running
    clearTimeout(wake)
  }

  return {
    abandon: fallSilent,
    async stop() {
      await fallSilent()
      await unregisterProcess(core.pool, self.id)
    },
  }
}

/** A clock that is wrong does no harm here; people who compare logs want to know of it. At most once a minute. */
function skewWarnings(core: Core): (skewMs: number) => void {
  let toldAt = Number.NEGATIVE_INFINITY
  return (skewMs) => {
    if (Math.abs(skewMs) < noticedSkewMs || performance.now() - toldAt < skewEveryMs) return
    toldAt = performance.now()
    core.log.warn(
      { skewMs: Math.round(skewMs) },
      'The clock of this machine differs from the one of the database, which counts',
    )
  }
}

/** After a crash and restart on one machine there is no need to wait for the old heartbeat to run out. */
async function removeGone(core: Core): Promise<void> {
  const here = placeName()
  const processes = await listProcesses(core.pool)
  const gone = processes.filter(({ id, host, pid }) => id !== core.process && host === here && !isAlive(pid))
  await removeProcesses(
    core.pool,
    gone.map(({ id }) => id),
  )
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
