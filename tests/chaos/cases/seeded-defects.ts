// D: proof that the tests can fail. Each seeded defect is given to the engines of a drill; a violation is one not found.
import { allDefects } from '../defects/all-defects.ts'
import { findDefect } from '../defects/find-defect.ts'
import type { Ground } from '../harness/ground.ts'
import type { CaseOutcome, ChaosCase } from './chaos-case.ts'

/** A unit is one defect. */
export const seededDefects: ChaosCase = {
  id: 'D',
  title: 'seeded defects found',
  units: { T0: 0, T1: allDefects.length, T2: allDefects.length },
  perChunk: { one: allDefects.length, three: allDefects.length },
  async run(ground, { seed, units }) {
    const startedAt = performance.now()
    const missed = await tryAll(ground, units)
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    const violations = missed.map((what) => ({ rule: 'D', execution: '', what }))
    const nothing = { kills: 0, executions: 0, transitions: 0, ends: {}, worstRecoveryMs: 0, complaints: [] }
    return { ...nothing, seed, faults: units, violations, seconds } satisfies CaseOutcome
  },
}

async function tryAll(ground: Ground, units: number): Promise<string[]> {
  const missed: string[] = []
  for (const defect of allDefects.slice(0, units)) {
    const found = await findDefect(defect, await ground.createDatabase())
    const isFound = defect.finding.test(found)
    process.stdout.write(`  ${isFound ? 'found' : 'MISSED'} by ${defect.foundBy}: ${defect.name}\n`)
    if (!isFound) missed.push(`${defect.name} was not found: ${found || 'no complaint'}`)
  }
  return missed
}
