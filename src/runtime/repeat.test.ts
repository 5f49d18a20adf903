import { describe, expect, it } from 'vitest'
import { silentLog } from '../../tests/helpers/engine.ts'
import { type Repeating, repeat } from './repeat.ts'

const options = { log: silentLog, failure: 'It failed', retryMs: 1 }
const hour = 3_600_000

/** Work that tells of each call and ends when it is let go. */
function stage(wait: () => number = () => hour) {
  const begun: (() => void)[] = []
  const calls: (() => void)[] = []
  return {
    work: () =>
      new Promise<number>((resolve) => {
        calls.push(() => resolve(wait()))
        for (const tell of begun.splice(0)) tell()
      }),
    calls,
    next: () => new Promise<void>((resolve) => begun.push(resolve)),
  }
}

async function end(repeating: Repeating, calls: (() => void)[]): Promise<void> {
  const stopped = repeating.stop()
  calls.at(-1)?.()
  await stopped
}

describe('repeat', () => {
  it('calls again after the time that was answered, and after a failure', async () => {
    let calls = 0
    let done: () => void
    const third = new Promise<void>((resolve) => {
      done = resolve
    })
    const repeating = repeat(options, async () => {
      calls++
      if (calls === 2) throw new Error('no')
      if (calls === 3) done()
      return calls === 1 ? 0 : hour
    })
    await third
    await repeating.stop()
    expect(calls).toBe(3)
  })

  it('is poked while it works: once more afterwards, however often', async () => {
    const { work, calls, next } = stage()
    const repeating = repeat(options, work)
    const second = next()
    for (let n = 0; n < 5; n++) repeating.poke()
    expect(calls).toHaveLength(1)
    calls[0]?.()
    await second
    expect(calls).toHaveLength(2)
    await end(repeating, calls)
  })

  it('is poked while it rests', async () => {
    const { work, calls, next } = stage()
    const repeating = repeat(options, work)
    calls[0]?.()
    await new Promise(setImmediate)
    const second = next()
    repeating.poke()
    repeating.poke()
    await second
    expect(calls).toHaveLength(2)
    await end(repeating, calls)
  })

  it('is not put off by being poked', async () => {
    const { work, calls, next } = stage(() => 0)
    const repeating = repeat({ ...options, leastMs: hour }, work)
    const second = next()
    repeating.poke()
    calls[0]?.()
    await second
    const third = next()
    calls[1]?.()
    await new Promise(setImmediate)
    repeating.poke()
    await third
    expect(calls).toHaveLength(3)
    await end(repeating, calls)
  })

  it('does nothing more once stopped', async () => {
    const { work, calls } = stage(() => 0)
    const repeating = repeat(options, work)
    await end(repeating, calls)
    repeating.poke()
    await new Promise(setImmediate)
    expect(calls).toHaveLength(1)
  })
})
