// Proof that these tests can fail: seeded defects are found, by the drill that is there for them. Here the first one of
// each drill; `npm run test:chaos` tries them all.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTestDatabase } from '../helpers/postgres.ts'
import { allDefects } from './defects/all-defects.ts'
import { type Defect, readTarget, root, seedDefect } from './defects/defect.ts'
import { findDefect } from './defects/find-defect.ts'
import { keepTransitions } from './harness/transitions.ts'

const byName = (defects: readonly Defect[]) => defects.map((defect) => [defect.name, defect] as const)
const firstOfEachDrill = allDefects.filter(
  ({ foundBy }, n) => allDefects.findIndex((other) => other.foundBy === foundBy) === n,
)

/** Two processes meet in most plays, not in each. */
const plays = 3

async function playUntilFound(defect: Defect): Promise<string> {
  let complaints = ''
  for (let play = 0; play < plays && !defect.finding.test(complaints); play++) {
    const database = await createTestDatabase()
    await keepTransitions(database.pool)
    complaints = await findDefect(defect, database)
  }
  return complaints
}

describe.concurrent('seeded defects are found', { timeout: 300_000 }, () => {
  it.each(byName(firstOfEachDrill))('%s', async (_name, defect) => {
    expect(await playUntilFound(defect)).toMatch(defect.finding)
  })
})

describe('seeded defects', () => {
  it.each(byName(allDefects))('follow the code: %s', (_name, defect) => {
    expect(seedDefect(defect, readTarget(defect))).toContain(defect.replace)
  })

  it('are listed in the reference', () => {
    const page = readFileSync(join(root, 'docs/reference/seeded-defects.md'), 'utf8')
    const row = ({ name, file, why, foundBy }: Defect) => `| ${name} | \`${file}\` | ${why} | ${foundBy} |`
    expect(allDefects.map(row).filter((line) => !page.includes(line))).toEqual([])
  })

  it('have names of their own', () => {
    expect(new Set(allDefects.map(({ name }) => name)).size).toBe(allDefects.length)
    expect(allDefects.length).toBeGreaterThanOrEqual(20)
  })
})
