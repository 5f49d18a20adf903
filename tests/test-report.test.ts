import { describe, expect, it } from 'vitest'
import { addCounts, countTests } from '../scripts/test-report.ts'

const file = (status: string, tests: number) => ({ status, assertionResults: Array.from({ length: tests }) })

describe('countTests', () => {
  it('counts tests', () => {
    const report = { numPassedTests: 5, numFailedTests: 2, testResults: [file('failed', 7)] }
    expect(countTests(report, 1)).toEqual({ passed: 5, failed: 2 })
  })

  it('counts a file that did not load', () => {
    const report = {
      numPassedTests: 5,
      numFailedTests: 0,
      testResults: [file('passed', 5), file('failed', 0)],
    }
    expect(countTests(report, 1)).toEqual({ passed: 5, failed: 1 })
  })

  it('lets no bad end pass', () => {
    const report = { numPassedTests: 5, numFailedTests: 0, testResults: [file('passed', 5)] }
    expect(countTests(report, 1)).toEqual({ passed: 5, failed: 1 })
    expect(countTests(report, null)).toEqual({ passed: 5, failed: 1 })
    expect(countTests(report, 0)).toEqual({ passed: 5, failed: 0 })
    expect(countTests(undefined, 0)).toEqual({ passed: 0, failed: 1 })
  })
})

describe('addCounts', () => {
  it('adds', () => {
    expect(addCounts([])).toEqual({ passed: 0, failed: 0 })
    expect(
      addCounts([
        { passed: 1, failed: 2 },
        { passed: 3, failed: 4 },
      ]),
    ).toEqual({ passed: 4, failed: 6 })
  })
})
