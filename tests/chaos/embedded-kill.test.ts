// R14: the embedded database opens every time, whenever its process was killed: while it is set up, while its schema is
// made, while it writes; with the database server or without; and what was committed is there.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPidFile } from '../../src/store/embedded/cluster.ts'
import { findHome } from '../../src/store/embedded/home.ts'

type Told = { is: 'open' } | { is: 'ready'; found: number } | { is: 'written'; n: number }

let folder: string
/** The data folder of this test. */
let data: string
let child: ChildProcess | undefined
/** Of the child that runs. */
let told: Told[] = []
let complaints = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fermata-embedded-kill-'))
  await chmod(folder, 0o755)
})
afterAll(async () => {
  await killBoth()
  await rm(folder, { recursive: true, force: true })
})

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
  while (!holds()) {
    if (child?.exitCode != null) throw new Error(`It did not open: ${complaints}`)
    await pause(5)
  }
}

async function killIt(): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** Its database server too, without a moment in between. */
async function killBoth(): Promise<void> {
  const home = await findHome(data).catch(() => undefined)
  const server = home ? await readPidFile(join(home, 'pg')).catch(() => undefined) : undefined
  const gone = killIt()
  if (server) process.kill(server.pid, 'SIGKILL')
  await gone
}

const written = () => told.reduce((most, one) => (one.is === 'written' ? one.n : most), 0)
const found = () => told.find((one) => one.is === 'ready')?.found

describe('an embedded database that is killed', { timeout: 120_000 }, () => {
  it.each([120, 600, 1500])('opens again when its set-up was cut short after %i ms', async (ms) => {
    data = join(folder, `after-${ms}`)
    open()
    await pause(ms)
    await killBoth()
    open()
    await until(() => told.some(({ is }) => is === 'open'))
    // From here on its schema is made.
    await killBoth()
    open()
    await until(() => found() !== undefined)
    await killBoth()
  })

  it('has all that was committed, however often it is killed while it writes', async () => {
    data = join(folder, 'writing')
    let acknowledged = 0
    for (let round = 0; round < 6; round++) {
      open()
      await until(() => found() !== undefined)
      expect(found()).toBeGreaterThanOrEqual(acknowledged)
      await until(() => written() > acknowledged + 20 * round)
      await (round % 2 === 0 ? killBoth() : killIt())
      acknowledged = written()
    }
    expect(acknowledged).toBeGreaterThan(100)
  })
})
