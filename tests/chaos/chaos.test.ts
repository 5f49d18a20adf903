// The chaos tests in the size that every change has to stand, always with the same seed; fresh seeds and the full sizes:
// npm run test:chaos.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allCases } from './cases/all-cases.ts'
import { type BackEnd, backEnds } from './cases/chaos-case.ts'
import { type Ground, openGround } from './harness/ground.ts'

let ground: Ground

beforeAll(async () => {
  ground = await openGround()
}, 60_000)
afterAll(() => ground.close())

/** Both are covered over the tests; each on both takes the longer sizes. */
const names: BackEnd[] = ['one', 'three']

describe('nothing is lost, and nothing happens twice', () => {
  const small = allCases.filter(({ units }) => units.T0 > 0)
  it.each(small.map((test, n) => ({ test, backEnd: names[n % 2] as BackEnd })))(
    '$test.id $test.title, processes: $backEnd',
    { timeout: 240_000 },
    async ({ test, backEnd }) => {
      const seed = 1
      const outcome = await test.run(ground, { seed, processes: backEnds[backEnd], units: test.units.T0 })
      expect(outcome.violations, `seed ${seed}`).toEqual([])
      expect(outcome.executions).toBeGreaterThanOrEqual(Math.min(test.units.T0, 20))
      expect(outcome.faults ?? outcome.kills).toBeGreaterThanOrEqual(test.units.T0)
    },
  )
})
