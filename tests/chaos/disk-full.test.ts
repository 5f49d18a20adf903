// R12: the disk under the database is full for a while: nothing that was acknowledged is missing afterwards, what could
// not be stored was not acknowledged, and everything goes on when there is room again.
import { spawnSync } from 'node:child_process'
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openPool } from '../../src/store/db.ts'
import { startEmbedded } from '../../src/store/embedded.ts'
import { migrate } from '../../src/store/migrate.ts'
import { chain, publish } from '../helpers/engine.ts'
import { loadChild } from './children.ts'
import { executionsOf, isQuiet } from './oracle.ts'

const megabytes = 128
const batch = 20
const inputs = { text: 'x'.repeat(200_000) }

/** Only the superuser of a Linux machine that allows it can make a small disk. */
function mountDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  if (mounted.status === 0) return folder
  rmSync(folder, { recursive: true })
  return undefined
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

describe('a full disk under the database', { timeout: 180_000 }, () => {
  it('loses nothing that was acknowledged, and is recovered from', async ({ skip }) => {
    const folder = mountDisk()
    if (folder === undefined) return skip('no small disk can be mounted here')
    chmodSync(folder, 0o755)
    mkdirSync(join(folder, 'data'))
    const embedded = await startEmbedded({ dataDir: join(folder, 'data') })
    const pool = openPool({ ...embedded.config, onIdleError: () => undefined })
    await migrate(pool)
    await publish(pool, chain('storing', [{ id: 'a', type: 'safe-effect', config: {} }]))
    const outside = mkdtempSync(join(tmpdir(), 'fermata-disk-ledger-'))
    const child = await loadChild({ url: embedded.url, ledger: join(outside, 'ledger'), deadAfterMs: 60_000 })
    onTestFinished(async () => {
      child.signal('SIGKILL')
      await pool.close()
      await embedded.stop()
      spawnSync('umount', [folder])
      rmSync(folder, { recursive: true, force: true })
      rmSync(outside, { recursive: true, force: true })
    })
    await child.go()

    const ballast = join(folder, 'ballast')
    fillUp(ballast)
    const acknowledged: string[] = []
    let isFull = false
    for (let n = 0; n < 60 && !isFull; n++) {
      const started = child.start(Array.from({ length: batch }, () => ({ workflow: 'storing', inputs })))
      const ids = await Promise.race([started, pause(5000)])
      if (ids) acknowledged.push(...ids)
      else {
        isFull = true
        rmSync(ballast)
        acknowledged.push(...((await started) ?? []))
      }
    }
    expect(isFull).toBe(true)
    const rows = async () => executionsOf(pool, 'storing').catch(() => undefined)
    await expect
      .poll(async () => isQuiet((await rows()) ?? [{ status: 'running' } as never]), { timeout: 60_000 })
      .toBe(true)
    const stored = new Map((await rows())?.map(({ id, status }) => [id, status]))
    expect(acknowledged.filter((id) => stored.get(id) !== 'completed')).toEqual([])
    expect(acknowledged.length).toBeGreaterThanOrEqual(batch)
  })
})
