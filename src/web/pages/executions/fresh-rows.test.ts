import { describe, expect, it } from 'vitest'
import type { ExecutionListItem } from '../../../api/contract/executions.ts'
import { freshRows, keepPatches } from './fresh-rows.ts'

const row = (
  id: string,
  seq: number,
  status: ExecutionListItem['status'] = 'running',
): ExecutionListItem => ({
  id,
  workflow: 'w',
  workflowTitle: 'W',
  version: 1,
  status,
  waiting: false,
  attention: false,
  test: false,
  trigger: 'manual',
  startedBy: 'li',
  createdAt: '2026-01-01T00:00:00.000Z',
  seq,
  mayAct: true,
})
const change = (id: string, seq: number, status: ExecutionListItem['status']) => ({ ...row(id, seq, status) })

describe('freshRows', () => {
  const rows = [row('3', 4), row('2', 4), row('1', 4)]

  it('keeps rows in their places and takes what is newer', () => {
    const head = [row('5', 1), row('3', 9, 'completed'), row('2', 2, 'queued')]
    const patches = new Map([['1', change('1', 5, 'paused')]])
    const fresh = freshRows(rows, { head, patches })
    expect(fresh.rows.map(({ id, status }) => [id, status])).toEqual([
      ['3', 'completed'],
      ['2', 'running'],
      ['1', 'paused'],
    ])
    expect(fresh.unseen).toBe(1)
  })

  it('prefers the last word, whoever has it', () => {
    const patches = new Map([['3', change('3', 7, 'paused')]])
    expect(freshRows(rows, { head: [row('3', 9, 'failed')], patches }).rows[0]?.status).toBe('failed')
    expect(freshRows(rows, { head: [row('3', 5, 'failed')], patches }).rows[0]?.status).toBe('paused')
  })
})

describe('what was told of executions', () => {
  it('is kept of those that are shown, and of the latest others', () => {
    const shown = new Set(['1', '2'])
    const items = Array.from({ length: 2000 }, (_, n) => change(String(n), 2, 'running'))
    const kept = keepPatches(new Map([['1', change('1', 1, 'queued')]]), items, shown)
    expect(kept.size).toBe(502)
    expect(kept.get('1')?.seq).toBe(2)
    expect([...kept.keys()].at(-1)).toBe('1999')
    const later = keepPatches(kept, [change('5000', 1, 'queued')], shown)
    expect([later.size, later.has('2'), later.has('5000')]).toEqual([502, true, true])
  })
})
