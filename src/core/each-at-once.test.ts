import { setImmediate as later } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { eachAtOnce } from './each-at-once.ts'

describe('eachAtOnce', () => {
  it('does each once, in order, and never more at once than allowed', async () => {
    const begun: number[] = []
    let now = 0
    let most = 0
    await eachAtOnce([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      begun.push(item)
      most = Math.max(most, ++now)
      for (let turns = item % 3; turns >= 0; turns--) await later()
      now--
    })
    expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(most).toBe(3)
  })

  it('rejects with the first error', async () => {
    const work = eachAtOnce([1, 2], 1, async (item) => {
      throw new Error(`no ${item}`)
    })
    await expect(work).rejects.toThrow('no 1')
  })
})
