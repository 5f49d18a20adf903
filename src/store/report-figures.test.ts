import { describe, expect, it } from 'vitest'
import { type CountedRow, figuresOf } from './report-figures.ts'

const row = (status: CountedRow['status'], count: number, rest: Partial<CountedRow> = {}): CountedRow => ({
  status,
  count,
  firsts: count,
  ms: null,
  ...rest,
})

describe('figures', () => {
  it('of nothing say that there is nothing', () => {
    expect(figuresOf([])).toMatchObject({ runs: 0, live: 0, success: null, p50: null, p95: null })
  })

  it('count each status once; what was canceled or skipped is neither success nor failure', () => {
    const figures = figuresOf([
      row('completed', 6, { ms: 10 }),
      row('failed', 1),
      row('error', 1),
      row('timed-out', 1),
      row('rejected', 1),
      row('canceled', 5),
      row('skipped', 2),
      row('running', 1),
      row('paused', 1),
      row('retrying', 1),
    ])
    expect(figures).toMatchObject({
      runs: 20,
      completed: 6,
      failed: 3,
      rejected: 1,
      canceled: 5,
      skipped: 2,
      live: 3,
      success: 0.6,
    })
  })

  it('tell further attempts from runs', () => {
    expect(figuresOf([row('error', 4), row('completed', 4, { firsts: 1, ms: 5 })])).toMatchObject({
      runs: 5,
      retries: 3,
    })
  })

  it('take quantiles at the rank, wherever the rows come from', () => {
    const rows = [
      row('completed', 1, { ms: 900 }),
      row('completed', 50, { ms: 10 }),
      row('completed', 49, { ms: 200 }),
    ]
    expect(figuresOf(rows)).toMatchObject({ p50: 10, p95: 200 })
    expect(figuresOf(rows.slice(0, 1))).toMatchObject({ p50: 900, p95: 900 })
  })
})
