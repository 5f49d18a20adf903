import { describe, expect, it } from 'vitest'
import { addCounts, countCheck, countTests } from '../scripts/test-report.ts'

const of = (exitCode: number | null) => ({ project: 'unit', root: '/here', exitCode })
const test = (name: string, failure?: string) => ({
  ...{ fullName: name, status: failure === undefined ? 'passed' : 'failed' },
  failureMessages: failure === undefined ? [] : [failure],
})
const good = { name: '/here/src/good.test.ts', status: 'passed', assertionResults: [test('adds')] }

describe('countTests', () => {
  it('counts tests, and says where one failed and why, on one line', () => {
    const red = '\u001b[31mError: expected 1 to be 2\u001b[39m\n    at somewhere'
    const results = [test('says so', red), test('is right')]
    const bad = { name: '/here/src/bad.test.ts', status: 'failed', assertionResults: results }
    const report = { numPassedTests: 2, testResults: [good, bad] }
    expect(countTests(report, of(1))).toEqual({
      ...{ passed: 2, failed: 1 },
      failures: ['unit src/bad.test.ts: says so: Error: expected 1 to be 2'],
    })
  })

  it('counts a file that did not load', () => {
    const broken = { name: '/here/src/broken.test.ts', status: 'failed', assertionResults: [] }
    const message = 'Cannot find module\nRequire stack'
    const report = { numPassedTests: 1, testResults: [good, { ...broken, message }, broken] }
    expect(countTests(report, of(1))).toEqual({
      ...{ passed: 1, failed: 2 },
      failures: [
        'unit src/broken.test.ts: Cannot find module',
        'unit src/broken.test.ts: could not be loaded',
      ],
    })
  })

  it('lets no bad end pass', () => {
    const report = { numPassedTests: 1, testResults: [good] }
    expect(countTests(report, of(0))).toEqual({ passed: 1, failed: 0, failures: [] })
    expect(countTests(report, of(1))).toMatchObject({
      passed: 1,
      failed: 1,
      failures: [expect.stringMatching(/ended with 1/)],
    })
    expect(countTests(report, of(null))).toMatchObject({
      failed: 1,
      failures: [expect.stringMatching(/a signal/)],
    })
    expect(countTests(undefined, of(0))).toMatchObject({
      passed: 0,
      failed: 1,
      failures: [expect.stringMatching(/no report/)],
    })
  })
})

describe('addCounts', () => {
  it('adds', () => {
    expect(addCounts([])).toEqual({ passed: 0, failed: 0, failures: [] })
    expect(addCounts([countCheck('types', 2), countCheck('lint', 0), countCheck('build', null)])).toEqual({
      ...{ passed: 1, failed: 2 },
      failures: ['types: ended with 2', 'build: ended with a signal'],
    })
  })
})
