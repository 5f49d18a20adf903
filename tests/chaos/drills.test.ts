// What the product does when things go wrong: no drill finds anything to complain about.
import { describe, expect, it } from 'vitest'
import { createTestDatabase } from '../helpers/postgres.ts'
import { allDrills } from './drills/all-drills.ts'
import { openStage } from './drills/stage.ts'
import { keepTransitions } from './harness/transitions.ts'

const patienceMs = 20_000
/** The laws of the core have a test of their own. */
const { laws: _, ...drills } = allDrills

describe.concurrent('drills', { timeout: 300_000 }, () => {
  it.each(Object.entries(drills))('%s', async (_name, drill) => {
    const database = await createTestDatabase()
    await keepTransitions(database.pool)
    const stage = await openStage({ database, patienceMs })
    try {
      expect(await drill(stage)).toEqual([])
    } finally {
      await stage.close()
    }
  })
})
