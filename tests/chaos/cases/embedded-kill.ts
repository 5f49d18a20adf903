// R14: the embedded database opens every time, whenever its process was killed: while it is set up, while its schema is
// made, while it writes; with the database server or without; and what was committed is there.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { readPidFile } from '../../../src/store/embedded/cluster.ts'
import { findHome } from '../../../src/store/embedded/home.ts'
import { type Random, seeded } from '../harness/random.ts'
import type { CaseOutcome, ChaosCase } from './chaos-case.ts'

const setUpEvery = 6
const openWithinMs = 60_000

/** A unit is one kill; every sixth one while a database is set up. */
export const embeddedKill: ChaosCase = {
  id: 'R14',
  title: 'the embedded database killed',
  units: { T0: 0, T1: 120, T2: 1000 },
  perChunk: { one: 120, three: 120 },
  async run(_ground, { seed, units }) {
    const startedAt = performance.now()
    const folder = await mkdtemp(join(tmpdir(), 'fermata-embedded-kill-'))
    await chmod(folder, 0o755)
    const found: string[] = []
    let rows = 0
    try {
      rows = await killAll({ folder, units, random: seeded(seed), found })
    } catch (error) {
      found.push(String(error))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    const violations = found.map((what) => ({ rule: 'R', execution: '', what }))
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    const none = { executions: 0, ends: {}, worstRecoveryMs: 0, complaints: [] }
    return { ...none, seed, kills: units, transitions: rows, violations, seconds } satisfies CaseOutcome
  },
}

interface Killing {
  folder: string
  units: number
  random: Random
  found: string[]
}

/** Returns how many rows were acknowledged. */
async function killAll({ folder, units, random, found }: Killing): Promise<number> {
  const writing = openWriterAt(join(folder, 'writing'))
  let acknowledged = 0
  for (let n = 0; n < units; n++) {
    if (n % setUpEvery === 0) {
      await killSetUp(join(folder, `set-up-${n}`), random)
      continue
    }
    writing.open()
    const there = await writing.untilReady()
    if (there < acknowledged) found.push(`${acknowledged} rows were acknowledged, ${there} are there`)
    const more = random.int(0, 60)
    await writing.until(() => writing.written() > acknowledged + more)
    await (random.chance(0.5) ? writing.killBoth() : writing.kill())
    acknowledged = Math.max(acknowledged, writing.written())
  }
  await writing.killBoth()
  return acknowledged
}

async function killSetUp(data: string, random: Random): Promise<void> {
  const writer = openWriterAt(data)
  writer.open()
  await pause(random.int(50, 2500))
  await writer.killBoth()
  writer.open()
  await writer.until(() => writer.isOpen())
  // From here on its schema is made.
  await pause(random.int(0, 300))
  await writer.killBoth()
  writer.open()
  await writer.untilReady()
  await writer.killBoth()
  await rm(data, { recursive: true, force: true })
}

type Told = { is: 'open' } | { is: 'ready'; found: number } | { is: 'written'; n: number }

function openWriterAt(data: string) {
  let child: ChildProcess | undefined
  /** Of the child that runs. */
  let told: Told[] = []
  let complaints = ''

  function open(): void {
    told = []
    complaints = ''
    child = fork(join(import.meta.dirname, 'embedded-writer-child.ts'), [data], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    child.on('message', (message: Told) => told.push(message))
    child.stderr?.on('data', (chunk: Buffer) => {
      complaints += String(chunk)
    })
  }

  async function until(holds: () => boolean): Promise<void> {
    const patience = Date.now() + openWithinMs
    while (!holds()) {
      if (child?.exitCode != null) throw new Error(`It did not open: ${complaints}`)
      if (Date.now() > patience) throw new Error(`It did not open within ${openWithinMs} ms: ${complaints}`)
      await pause(5)
    }
  }

  async function kill(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  /** Its database server too, without a moment in between. */
  async function killBoth(): Promise<void> {
    const home = await findHome(data).catch(() => undefined)
    const server = home ? await readPidFile(join(home, 'pg')).catch(() => undefined) : undefined
    const gone = kill()
    try {
      if (server) process.kill(server.pid, 'SIGKILL')
    } catch {
      // It had gone already.
    }
    await gone
  }

  const found = (): number | undefined => told.find((one) => one.is === 'ready')?.found
  return {
    open,
    until,
    kill,
    killBoth,
    isOpen: () => told.some(({ is }) => is === 'open'),
    written: () => told.reduce((most, one) => (one.is === 'written' ? one.n : most), 0),
    /** Resolves with how many rows it found. */
    async untilReady(): Promise<number> {
      await until(() => found() !== undefined)
      return found() ?? 0
    },
  }
}
