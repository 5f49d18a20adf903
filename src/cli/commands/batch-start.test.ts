import { describe, expect, it } from 'vitest'
import { readStopRule } from './batch-start.ts'

describe('--stop-after', () => {
  it('is a number of failures, or a share of the targets', () => {
    expect([readStopRule('3'), readStopRule('0'), readStopRule('10%')]).toEqual([
      { stopCount: 3 },
      { stopCount: 0 },
      { stopPercent: 10 },
    ])
  })

  it.each(['', 'many', '-1', '101%', '5001', '1.5', '% 5'])('refuses %j', (text) => {
    expect(() => readStopRule(text)).toThrow('such as 10%')
  })
})
