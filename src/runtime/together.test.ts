import { describe, expect, it } from 'vitest'
import { together } from './together.ts'

/** Doubles numbers; knows what it was asked. */
function doubling() {
  const asked: (readonly number[])[] = []
  const ask = together(async (keys: readonly number[]) => {
    asked.push(keys)
    if (keys.includes(13)) throw new Error('13 is not possible')
    return keys.map((key) => 2 * key)
  })
  return { ask, asked }
}

describe('what is asked for together', () => {
  it('is read at once, and each gets an answer of their own', async () => {
    const { ask, asked } = doubling()
    expect(await Promise.all([ask(1), ask(2), ask(1)])).toEqual([2, 4, 2])
    expect(await ask(3)).toBe(6)
    expect(asked).toEqual([[1, 2, 1], [3]])
  })

  it('does not fail with the one that cannot be answered', async () => {
    const { ask } = doubling()
    const answers = await Promise.allSettled([ask(1), ask(13), ask(2)])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })
})
