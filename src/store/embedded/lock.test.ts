import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readLock, takeLock } from './lock.ts'
import { isAlive, processBirth, processPlace } from './process-identity.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fermata-lock-'))
})
afterEach(() => rm(folder, { recursive: true }))

const since = '2026-01-01T00:00:00.000Z'
const entry = (pid: number, birth: string | undefined, place = processPlace()) =>
  writeFile(join(folder, '7'), JSON.stringify({ pid, birth, place, since, address: 'http://there' }))

describe('takeLock', () => {
  it('is held by one at a time and names the holder', async () => {
    const first = await takeLock(folder, 'http://here')
    const second = await takeLock(folder, 'http://there')
    expect(first.held).toBe(true)
    expect(second).toMatchObject({ held: false, by: { pid: process.pid, address: 'http://here' } })
    expect(await readLock(folder)).toMatchObject({ pid: process.pid, address: 'http://here' })
    if (first.held) await first.release()
    expect(await readLock(folder)).toBeUndefined()
    expect((await takeLock(folder, 'http://there')).held).toBe(true)
    expect(await readdir(folder)).toEqual(['2'])
  })

  it('takes over from a process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await entry(child.pid ?? 0, processBirth(child.pid ?? 0))
    expect((await takeLock(folder, '')).held).toBe(false)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect((await takeLock(folder, '')).held).toBe(true)
  })

  it('is not fooled by a process id that is in use again', async () => {
    await entry(process.ppid, 'born at another time')
    expect((await takeLock(folder, '')).held).toBe(true)
  })

  it('goes by the heartbeat of a holder whose process id means nothing here', async () => {
    await entry(process.pid, processBirth(process.pid), 'another container')
    expect(await takeLock(folder, '')).toMatchObject({ held: false, by: { address: 'http://there' } })
    const longAgo = new Date(Date.now() - 60_000)
    await utimes(join(folder, '7'), longAgo, longAgo)
    expect((await takeLock(folder, '')).held).toBe(true)
  })

  it('takes over what is not readable as a lock', async () => {
    await writeFile(join(folder, '7'), '{"pid":')
    expect((await takeLock(folder, '')).held).toBe(true)
  })

  it('goes to exactly one of many at every change of hands', async () => {
    for (let round = 1; round <= 10; round++) {
      const results = await Promise.all(Array.from({ length: 10 }, () => takeLock(folder, '')))
      const winners = results.filter((result) => result.held)
      expect(winners).toHaveLength(1)
      for (const winner of winners) await winner.release()
    }
    expect(await readdir(folder)).toEqual(['10'])
  })

  it('goes to exactly one of many who find it dead', async () => {
    await entry(process.ppid, 'born at another time')
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => takeLock(folder, `http://${i}`)))
    expect(results.filter((result) => result.held)).toHaveLength(1)
    expect(await readdir(folder)).toEqual(['8'])
  })
})

describe('process identity', () => {
  it('is the same for one process and different for two', () => {
    expect(processBirth(process.pid)).toBe(processBirth(process.pid))
    expect(processBirth(process.pid)).not.toBe(processBirth(process.ppid))
  })

  it('is nothing for a process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'exit')
    expect(isAlive(child.pid ?? 0)).toBe(false)
    expect(processBirth(child.pid ?? 0)).toBeUndefined()
  })
})
