// R14 in a small size.
import { expect, it } from 'vitest'
import { embeddedKill } from './cases/embedded-kill.ts'

it('an embedded database opens however it was killed, and has all that was committed', {
  timeout: 180_000,
}, async () => {
  const outcome = await embeddedKill.run(undefined as never, { seed: 1, processes: 1, units: 8 })
  expect(outcome.violations).toEqual([])
  expect(outcome.transitions).toBeGreaterThan(50)
})
