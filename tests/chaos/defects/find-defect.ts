// Plays the drill of a seeded defect with child processes that have the defect.
import { join } from 'node:path'
import type { TestDatabase } from '../../helpers/postgres.ts'
import { allDrills } from '../drills/all-drills.ts'
import { openStage } from '../drills/stage.ts'
import { type Defect, readTarget, seedDefect } from './defect.ts'

const preload = [join(import.meta.dirname, '../preload/seed-defect.ts')]
/** Children that are stuck are to be found out soon; one that is only slow would be complained about wrongly. */
const patienceMs = 2500

/** What the drill complains about; `database` keeps its log of transitions, and is dropped. */
export async function findDefect(defect: Defect, database: TestDatabase): Promise<string> {
  seedDefect(defect, readTarget(defect))
  const flaw = { preload, env: { FERMATA_DEFECT: defect.name } }
  const stage = await openStage({ database, flaw, patienceMs })
  try {
    return (await allDrills[defect.foundBy](stage)).join('\n')
  } finally {
    await stage.close()
  }
}
