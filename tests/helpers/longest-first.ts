// The order of test files: those that take longest begin first, so that none of them is left to run alone at the end.
import { statSync } from 'node:fs'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Vitest knows how long a file took before, but not in a fresh checkout; there these stand for what it would know. */
export const longest: readonly string[] = [
  'tests/chaos/chaos.test.ts',
  'tests/cli.test.ts',
  'tests/upgrade/upgrade.test.ts',
  'tests/scenarios/schedules.test.ts',
  'tests/chaos/batch-kill.test.ts',
  'tests/chaos/defects.test.ts',
  'src/store/embedded.test.ts',
  'src/api/bad-input.test.ts',
  'tests/chaos/drills.test.ts',
  'src/core/laws.test.ts',
  'tests/chaos/embedded-kill.test.ts',
  'tests/worker.test.ts',
  'tests/e2e/pages.test.ts',
  'tests/e2e/walk.test.ts',
  'tests/e2e/states.test.ts',
  'tests/e2e/executions.test.ts',
  'tests/e2e/console.test.ts',
]

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = longest.findIndex((path) => moduleId.endsWith(`/${path}`))
  return rank < 0 ? longest.length : rank
}
const sizeOf = ({ moduleId }: TestSpecification): number => statSync(moduleId).size

export class LongestFirst extends BaseSequencer {
  /** The same order everywhere, and whatever ran before. */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rankOf(a) - rankOf(b) || sizeOf(b) - sizeOf(a))
  }
}
