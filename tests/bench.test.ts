// The pure parts of the bench, and that what is told about speed is what was measured.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type BarId, bars } from '../bench/run/bars.ts'
import { listWorkloads } from '../bench/run/find-workloads.ts'
import { median, percentile } from '../bench/run/median.ts'
import { latestOf, performancePage, withSpeed } from '../bench/run/page.ts'
import { formatFigure, isFailed, judge, judgeAll, printBars, printSection } from '../bench/run/print.ts'
import { barsOf, type Result, readResults, resultsFile } from '../bench/run/results.ts'
import type { Section } from '../bench/run/workload.ts'
import { pagePath, readmePath } from '../bench/run/write-pages.ts'

const machine = { cpus: 2, cpu: 'x', memoryGb: 4, os: 'linux 6.1', node: '24.9.0', postgres: '18.4.0' }

function result(workload: string, sections: Section[], more: Partial<Result> = {}): Result {
  const base = { session: 's', at: '2030-01-01T00:00:00Z', quick: false, seconds: 5, rounds: 5, machine }
  return { ...base, workload, sections, ...more }
}

describe('figures', () => {
  it('the median is the one in the middle, or between the two', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(median([])).toBeNaN()
  })

  it('percentiles lie between the nearest values', () => {
    const values = Array.from({ length: 101 }, (_, n) => 100 - n)
    expect(percentile(values, 0.95)).toBe(95)
    expect(percentile([1, 2], 0.25)).toBe(1.25)
    expect(percentile([7], 0.99)).toBe(7)
  })

  it('keep three digits, or all before the point', () => {
    expect([0, 0.12345, 1.5, 99.99, 12_345.6, Number.NaN].map(formatFigure)).toEqual([
      ...['0', '0.123', '1.50', '100', '12,346', '–'],
    ])
  })
})

describe('bars', () => {
  it('are met at their edge and failed beyond it', () => {
    expect(judge('inline.bare', 0.7)).toMatchObject({ verdict: 'pass', wanted: '≥ 0.700 ×' })
    expect(judge('inline.bare', 0.69).verdict).toBe('FAIL')
    expect(judge('fan.time', 0.5).verdict).toBe('pass')
    expect(judge('fan.time', 0.51).verdict).toBe('FAIL')
  })

  it('fail when nothing was measured, but not when a peer could not be had', () => {
    const verdicts = [undefined, Number.NaN, { note: 'does not install here' }].map((figure) =>
      judge('inline.n8n', figure),
    )
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['NOT MEASURED', 'FAIL', 'left out'])
    expect(verdicts.map(isFailed)).toEqual([true, true, false])
  })

  it('take a figure that was lost on the way for none', () => {
    const [read] = JSON.parse(JSON.stringify([Number.NaN])) as [number]
    expect(judge('inline.n8n', read).verdict).toBe('NOT MEASURED')
    const noted = JSON.parse(JSON.stringify({ value: Number.NaN, note: 'n' })) as { note: string }
    expect(judge('inline.n8n', noted).verdict).toBe('NOT MEASURED')
  })

  it('are all in the one table, whatever was measured', () => {
    const judged = judgeAll({ 'fan.time': 0.1 })
    expect(judged.map(({ id }) => id)).toEqual(Object.keys(bars))
    const text = printBars(judged)
    expect(text).toMatch(/FAN 1,000 \+ join\s+start to end\s+0\.100 s\s+≤ 0\.500 s\s+pass/)
    expect(text).toContain(`1 of ${judged.length} bars without complaint, ${judged.length - 1} not met`)
  })

  it('name workloads that exist, and one limit each', () => {
    const unknown = Object.values(bars).filter(({ workload }) => !listWorkloads().includes(workload))
    expect(unknown).toEqual([])
    const limits = (Object.keys(bars) as BarId[]).map((id) => bars[id])
    expect(
      limits.filter(({ atLeast, atMost }) => (atLeast === undefined) === (atMost === undefined)),
    ).toEqual([])
  })
})

describe('results', () => {
  const slow = result('fan', [{ title: 'FAN', rows: [], bars: { 'fan.time': 0.4 } }])
  const fast = result('fan', [{ title: 'FAN', rows: [], bars: { 'fan.time': 0.2 } }])
  const quick = result('fan', [{ title: 'FAN', rows: [], bars: { 'fan.time': 0.1 } }], { quick: true })

  it('of a workload are its last ones that were not quick', () => {
    expect(latestOf([slow, fast, quick])).toEqual([fast])
    expect(barsOf([slow, fast])).toEqual({ 'fan.time': 0.2 })
  })

  it('of a workload measured part by part are those of each part', () => {
    const part = (title: string, value: number, only?: string[]) =>
      result('peers', [{ title, rows: [{ name: 'ratio', value }] }], only ? { only } : {})
    const parts = [
      part('all', 1),
      part('one', 1, ['one']),
      part('other', 1, ['other']),
      part('one', 2, ['one']),
    ]
    const [latest] = latestOf(parts)
    expect(latest?.sections.map(({ title, rows }) => [title, rows[0]?.value])).toEqual([
      ['all', 1],
      ['other', 1],
      ['one', 2],
    ])
    expect(latestOf([...parts, part('all', 3)])[0]?.sections).toHaveLength(1)
  })

  it('are shown beside the limit', () => {
    const rows = [{ name: 'rate', value: 500, unit: '/s', limit: 1000, limitIs: 'bare loop' }]
    const section = { title: 'T', rows, bars: { 'fan.time': 0.6 } }
    expect(printSection(section)).toContain('rate  500 /s  (bare loop: 1,000; ratio 0.500)')
    expect(printSection(section)).toContain('start to end ≤ 0.500 s: FAIL (0.600 s)')
    expect(performancePage([result('fan', [section])])).toContain(
      '| rate | 500 /s | bare loop 1,000 | 0.500 |',
    )
  })

  it('replace the section of the README and nothing else', () => {
    const readme = '# A\n\n## Speed\n\nold\n\n## Next\n\n## Speed is not all\n'
    const changed = withSpeed(readme, [fast])
    expect(changed).toContain('| FAN 1,000 + join: start to end | 0.200 s | ≤ 0.500 s | pass |')
    expect(changed.replace(/Measured[\s\S]*?(?=## Next)/, 'old\n\n')).toBe(readme)
  })
})

describe('what is told about speed', () => {
  const results = readResults(resultsFile)

  it('is what was measured', () => {
    expect(existsSync(pagePath) && readFileSync(pagePath, 'utf8')).toBe(performancePage(results))
    const readme = readFileSync(readmePath, 'utf8')
    expect(readme).toBe(withSpeed(readme, results))
  })

  it('says nothing about whose machine it was', () => {
    const keys = new Set(results.flatMap(({ machine: of }) => Object.keys(of)))
    expect([...keys].filter((key) => !Object.hasOwn(machine, key))).toEqual([])
  })
})
