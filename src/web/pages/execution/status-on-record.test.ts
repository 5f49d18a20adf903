import { describe, expect, it } from 'vitest'
import { statusOnRecord } from './status-on-record.ts'

describe('statusOnRecord', () => {
  it('tells the status of a node on one record, of the worst iteration', () => {
    const statusOf = statusOnRecord([
      { id: 'drain', status: 'running' },
      { id: 'drain[h1]', status: 'completed' },
      { id: 'drain[h2]', status: 'running' },
      { id: 'each[0]/restart[h1]', status: 'completed' },
      { id: 'each[1]/restart[h1]', status: 'failed' },
      { id: 'each[2]/restart[h1]', status: 'running' },
    ])
    expect(statusOf('drain', 'h1')).toBe('completed')
    expect(statusOf('drain', 'h2')).toBe('running')
    expect(statusOf('restart', 'h1')).toBe('failed')
    expect(statusOf('restart', 'h2')).toBeUndefined()
  })
})
