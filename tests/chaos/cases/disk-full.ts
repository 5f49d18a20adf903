// R12: the disk under the database is full for a while: nothing that was acknowledged is missing afterwards, what could
// not be stored was not acknowledged, and everything goes on when there is room again.
import { spawnSync } from 'node:child_process'
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openPool, type Pool } from '../../../src/store/db.ts'
import { startEmbedded } from '../../../src/store/embedded.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { chain, publish } from '../../helpers/engine.ts'
import { type EngineChild, loadChild } from '../drills/children.ts'
import type { CaseOutcome, ChaosCase } from './chaos-case.ts'

const megabytes = 128
const batch = 20
const mostBatches = 60
const inputs = { text: 'x'.repeat(200_000) }
const settleWithinMs = 60_000

/** A unit is the disk filled, and freed again. */
export const diskFull: ChaosCase = {
  id: 'R12',
  title: 'the disk fills and is freed',
  units: { T0: 0, T1: 2, T2: 20 },
  perChunk: { one: 2, three: 2 },
  async run(_ground, { seed, units }) {
    const startedAt = performance.now()
    const violations: CaseOutcome['violations'] = []
    let executions = 0
    for (let n = 0; n < units; n++) {
      const disk = mountDisk()
      if (disk === undefined) throw new Error('No small disk can be mounted here')
      const { acknowledged, problems } = await fillAndFree(disk)
      executions += acknowledged
      for (const what of problems) violations.push({ rule: 'R', execution: '', what })
    }
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    const none = { kills: 0, transitions: 0, ends: {}, worstRecoveryMs: 0, complaints: [] }
    return { ...none, seed, faults: units, executions, violations, seconds }
  },
}

/** Only the superuser of a Linux machine that allows it can make a small disk. */
export function mountDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  if (mounted.status === 0) return folder
  rmSync(folder, { recursive: true })
  return undefined
}

export function unmountDisk(folder: string): void {
  spawnSync('umount', [folder])
  rmSync(folder, { recursive: true, force: true })
}

async function fillAndFree(disk: string): Promise<{ acknowledged: number; problems: string[] }> {
  chmodSync(disk, 0o755)
  mkdirSync(join(disk, 'data'))
  const outside = mkdtempSync(join(tmpdir(), 'fermata-disk-ledger-'))
  const embedded = await startEmbedded({ dataDir: join(disk, 'data') })
  const pool = openPool({ ...embedded.config, onIdleError: () => undefined })
  const ledger = join(outside, 'ledger')
  const child = loadChild({ url: embedded.url, ledger, deadAfterMs: 60_000 })
  try {
    await migrate(pool)
    await publish(pool, chain('storing', [{ id: 'a', type: 'safe-effect', config: {} }]))
    await child.go()
    const { isFull, acknowledged } = await startUntilFull(child, join(disk, 'ballast'))
    const stored = await untilQuiet(pool)
    const lost = acknowledged.filter((id) => stored.get(id) !== 'completed')
    return {
      acknowledged: acknowledged.length,
      problems: [
        ...(isFull ? [] : ['the disk did not fill']),
        ...lost.map((id) => `${id} was acknowledged and is ${stored.get(id) ?? 'not there'}`),
      ],
    }
  } finally {
    child.signal('SIGKILL')
    await child.ended
    await pool.close()
    await embedded.stop()
    unmountDisk(disk)
    rmSync(outside, { recursive: true, force: true })
  }
}

/** What hangs is asked again by its client, and acknowledged when the ballast is gone. */
async function startUntilFull(
  child: EngineChild,
  ballast: string,
): Promise<{ isFull: boolean; acknowledged: string[] }> {
  fillUp(ballast)
  const acknowledged: string[] = []
  for (let n = 0; n < mostBatches; n++) {
    const requests = Array.from({ length: batch }, (_, m) => ({
      workflow: 'storing',
      inputs,
      dedupKey: `${n} ${m}`,
    }))
    const started = child.start(requests)
    const ids = await Promise.race([started, pause(5000)])
    acknowledged.push(...(ids ?? []))
    if (ids) continue
    rmSync(ballast)
    acknowledged.push(...((await started) ?? (await child.start(requests)) ?? []))
    return { isFull: true, acknowledged }
  }
  return { isFull: false, acknowledged }
}

function fillUp(file: string): void {
  const handle = openSync(file, 'w')
  const block = Buffer.alloc(256 * 1024)
  try {
    for (;;) writeSync(handle, block)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    closeSync(handle)
  }
}

async function untilQuiet(pool: Pool): Promise<Map<string, string>> {
  const until = Date.now() + settleWithinMs
  for (;;) {
    const rows = await pool
      .query<{ id: string; status: string }>('select id, status from fermata.executions')
      .catch(() => undefined)
    const isQuiet = rows?.every(({ status }) => !['queued', 'running'].includes(status))
    if (rows && (isQuiet || Date.now() > until)) return new Map(rows.map(({ id, status }) => [id, status]))
    await pause(50)
  }
}
