// Counts what a vitest run (its JSON report) came to, and names what failed.
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

export interface Count {
  passed: number
  failed: number
  /** A line for each failure. */
  failures: readonly string[]
}

interface VitestReport {
  numPassedTests: number
  testResults: readonly VitestFile[]
}

interface VitestFile {
  name: string
  status: string
  /** Why it could not be loaded. */
  message?: string
  assertionResults: readonly {
    status: string
    fullName: string
    failureMessages?: readonly string[] | null
  }[]
}

/** What a run that was no run of tests came to. */
export function countCheck(name: string, exitCode: number | null): Count {
  return exitCode === 0 ? passedOne : failedOnce(`${name}: ended with ${exitCode ?? 'a signal'}`)
}

const passedOne: Count = { passed: 1, failed: 0, failures: [] }
const failedOnce = (line: string): Count => ({ passed: 0, failed: 1, failures: [line] })

/**
 * Tests that passed and failed. A file that could not even be loaded counts as one failure, and so does a run
 * that ended badly although every test passed, or that left no report.
 */
export function countTests(
  report: VitestReport | undefined,
  { project, root, exitCode }: { project: string; root: string; exitCode: number | null },
): Count {
  if (!report) return failedOnce(`${project}: left no report`)
  const failures = report.testResults.flatMap((file) =>
    failuresOf(file).map((failure) => `${project} ${relative(root, file.name)}: ${failure}`),
  )
  if (failures.length === 0 && exitCode !== 0)
    failures.push(`${project}: ended with ${exitCode ?? 'a signal'} although no test failed`)
  return { passed: report.numPassedTests, failed: failures.length, failures }
}

function failuresOf({ status, message = '', assertionResults }: VitestFile): string[] {
  if (status === 'failed' && assertionResults.length === 0)
    return [firstLine(message) || 'could not be loaded']
  return assertionResults
    .filter((test) => test.status === 'failed')
    .map(({ fullName, failureMessages }) => `${fullName}: ${firstLine(failureMessages?.[0] ?? '')}`)
}

function firstLine(text: string): string {
  const [line = ''] = stripVTControlCharacters(text).trim().split('\n')
  return line.slice(0, 200)
}

export function addCounts(counts: readonly Count[]): Count {
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
    failures: counts.flatMap(({ failures }) => failures),
  }
}
