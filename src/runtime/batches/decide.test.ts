import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BatchRules, decide, type Standing } from './decide.ts'

const rules: BatchRules = { state: 'running', parallel: 10, stopCount: null, stopPercent: null, forgiven: 0 }
const standing: Standing = { total: 100, waiting: 100, busy: 0, open: 0, failed: 0 }

describe('a batch', () => {
  it.each([
    ['starts as many as its limit lets', {}, {}, { start: 10 }],
    ['fills what became free', {}, { waiting: 50, busy: 7, open: 7 }, { start: 3 }],
    ['starts no more than are left', {}, { waiting: 2, busy: 3, open: 3 }, { start: 2 }],
    [
      'goes on beside those held for an operator',
      {},
      { waiting: 50, busy: 0, open: 10, failed: 10 },
      { start: 10 },
    ],
    ['starts nothing while paused', { state: 'paused' }, {}, { start: 0, end: false }],
    ['starts nothing once stopped', { state: 'stopped' }, { busy: 3, open: 3 }, { start: 0, end: false }],
    ['has ended when stopped and nothing is under way', { state: 'stopped' }, {}, { start: 0, end: true }],
    ['has ended when nothing is left', {}, { waiting: 0 }, { start: 0, end: true, stop: false }],
    ['has ended when paused and nothing is left', { state: 'paused' }, { waiting: 0 }, { end: true }],
    ['has not ended while one is held', {}, { waiting: 0, busy: 0, open: 1, failed: 1 }, { end: false }],
    [
      'goes on with as many failures as are allowed',
      { stopCount: 3 },
      { failed: 3 },
      { stop: false, start: 10 },
    ],
    ['stops with one more', { stopCount: 3 }, { failed: 4, open: 2 }, { stop: true, start: 0, end: false }],
    ['stops at the first failure', { stopCount: 0 }, { failed: 1 }, { stop: true, start: 0, end: true }],
    [
      'is not stopped once everything was started',
      { stopCount: 0 },
      { waiting: 0, failed: 4 },
      { stop: false, end: true },
    ],
    ['counts percents of all its targets', { stopPercent: 5 }, { total: 40, failed: 2 }, { stop: false }],
    ['stops above that share', { stopPercent: 5 }, { total: 40, failed: 3 }, { stop: true }],
    [
      'lets pass what a person let pass',
      { stopCount: 0, forgiven: 4 },
      { failed: 4 },
      { stop: false, start: 10 },
    ],
    ['stops only while it runs', { state: 'paused', stopCount: 0 }, { failed: 4 }, { stop: false }],
  ] as const)('%s', (_, rule, at, expected) => {
    expect(decide({ ...rules, ...rule }, { ...standing, ...at })).toMatchObject(expected)
  })

  it('never has more under way than its limit, and starts nothing beyond its stop rule', () => {
    const number = fc.integer({ min: 0, max: 300 })
    fc.assert(
      fc.property(
        fc.record({
          state: fc.constantFrom('running', 'paused', 'stopped', 'completed'),
          parallel: fc.integer({ min: 1, max: 200 }),
          stopCount: fc.option(number),
          stopPercent: fc.option(fc.integer({ min: 0, max: 100 })),
          forgiven: number,
        }),
        fc.record({ waiting: number, busy: number, held: number, done: number, failures: number }),
        (rule, { waiting, busy, held, done, failures }) => {
          const failed = held + failures
          const total = waiting + busy + held + done + failures
          const made = decide(rule, { total, waiting, busy, open: busy + held, failed })
          expect(made.start).toBeLessThanOrEqual(waiting)
          if (made.start > 0) {
            expect(made.start + busy).toBeLessThanOrEqual(rule.parallel)
            expect(rule.state).toBe('running')
            expect(failed - rule.forgiven).toBeLessThanOrEqual(rule.stopCount ?? Number.POSITIVE_INFINITY)
          }
          if (made.end) expect(busy + held).toBe(0)
        },
      ),
    )
  })
})
