import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { createTurnover } from './turnover.ts'

it('keeps what is in it and nothing else', () => {
  const map = createTurnover<number, string>()
  for (let n = 0; n < 1000; n++) {
    map.set(n, `${n}`)
    if (n >= 3) expect(map.delete(n - 3)).toBe(true)
  }
  expect(map.delete(5)).toBe(false)
  expect([...map]).toEqual([
    [997, '997'],
    [998, '998'],
    [999, '999'],
  ])
  expect([map.size, map.get(998), map.has(5)]).toEqual([3, '998', false])
})

it('does not make what has left it survive young collections', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void
  /** Bytes that came to the old generation while entries came and went. */
  const aged = (map: { set(key: number, value: object): unknown; delete(key: number): boolean }): number => {
    for (let n = 0; n < 50; n++) map.set(n, { n })
    collect()
    const before = oldSpace()
    for (let n = 50; n < 20_000; n++) {
      map.set(n, { filler: Array.from({ length: 100 }, () => n) })
      map.delete(n - 50)
      if (n % 500 === 0) collect({ type: 'minor' })
    }
    return oldSpace() - before
  }
  const ours = aged(createTurnover())
  expect(ours).toBeLessThan(aged(new Map()) / 5)
})

function oldSpace(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')?.space_used_size ?? 0
}
