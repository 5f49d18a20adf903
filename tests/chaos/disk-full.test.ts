// R12 once, where a small disk can be mounted.
import { expect, it } from 'vitest'
import { diskFull, mountDisk, unmountDisk } from './cases/disk-full.ts'

it('a full disk under the database loses nothing that was acknowledged', { timeout: 180_000 }, async ({
  skip,
}) => {
  const disk = mountDisk()
  if (disk === undefined) return skip('no small disk can be mounted here')
  unmountDisk(disk)
  const outcome = await diskFull.run(undefined as never, { seed: 1, processes: 1, units: 1 })
  expect(outcome.violations).toEqual([])
  expect(outcome.executions).toBeGreaterThanOrEqual(20)
})
