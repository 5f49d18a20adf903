import { describe, expect, it } from 'vitest'
import { askTogether } from './ask-together.ts'

/** A question whose answers are given by hand: the number of times it was put. */
function question() {
  const open: { key: string; answer(): void; fail(): void }[] = []
  let times = 0
  const ask = (key: string) =>
    new Promise<string>((resolve, reject) => {
      const text = `${key}${++times}`
      open.push({ key, answer: () => resolve(text), fail: () => reject(new Error(text)) })
    })
  return { ask: askTogether(ask), open, times: () => times }
}

/** Everything that follows from what was just settled. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('asking together', () => {
  it('gives each an answer to a question put after they asked', async () => {
    const { ask, open, times } = question()
    const first = ask('a')
    const later = [ask('a'), ask('a')]
    expect(times()).toBe(1)
    open[0]?.answer()
    expect(await first).toBe('a1')
    await settled()
    const last = ask('a')
    open[1]?.answer()
    expect(await Promise.all(later)).toEqual(['a2', 'a2'])
    await settled()
    open[2]?.answer()
    expect(await last).toBe('a3')
    expect(times()).toBe(3)
  })

  it('asks anew when nothing is under way, and keeps keys apart', async () => {
    const { ask, open, times } = question()
    const answers = [ask('a'), ask('b')]
    for (const each of open) each.answer()
    expect(await Promise.all(answers)).toEqual(['a1', 'b2'])
    await settled()
    const again = ask('a')
    open[2]?.answer()
    expect(await again).toBe('a3')
    expect(times()).toBe(3)
  })

  it('does not let those who come later fail with the one before', async () => {
    const { ask, open } = question()
    const first = ask('a')
    const next = ask('a')
    open[0]?.fail()
    await expect(first).rejects.toThrow('a1')
    await settled()
    open[1]?.answer()
    expect(await next).toBe('a2')
  })

  it('lets one who asks right after an answer, before it was heard, wait for a new one', async () => {
    const { ask, open } = question()
    const first = ask('a')
    const next = ask('a')
    open[0]?.answer()
    const right = ask('a')
    await first
    await settled()
    open[1]?.answer()
    expect(await Promise.all([next, right])).toEqual(['a2', 'a2'])
  })
})
