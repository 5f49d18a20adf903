import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Batch } from '../../api/contract/batches.ts'
import type { Io } from '../io.ts'
import { batchView } from './batch-view.ts'

const batch = (counts: Batch['counts'], more: Partial<Batch> = {}) =>
  ({ state: 'running', counts, attention: 0, asks: 0, parallel: 2, ...more }) as Batch

function watch(terminal: { isTTY?: boolean; columns?: number }) {
  let out = ''
  const stdout = Object.assign(new PassThrough(), terminal).on('data', (chunk) => (out += chunk))
  return { view: batchView({ stdout } as unknown as Io), written: () => out }
}

const some = batch({ completed: 4, failed: 2, running: 3, 'not-started': 1 }, { asks: 1 })

describe('following a batch', () => {
  it('prints a line for every change without a terminal', () => {
    const { view, written } = watch({})
    for (const next of [batch({ 'not-started': 10 }), some, some]) view(next)
    expect(stripVTControlCharacters(written()).split('\n')).toEqual([
      'running  0 of 10 completed, 10 not started',
      'running  4 of 10 completed, 2 failed, 1 waiting for a person, 2 under way, 1 not started',
      '',
    ])
  })

  it('draws anew in place in a terminal, only what has changed', () => {
    const { view, written } = watch({ isTTY: true, columns: 80 })
    view(batch({ 'not-started': 10 }))
    const before = written().length
    view(batch({ 'not-started': 10 }))
    expect(written()).toHaveLength(before)
    view(some)
    const now = written().slice(before)
    expect(now.startsWith(`${String.fromCharCode(27)}[2A${String.fromCharCode(27)}[0J`)).toBe(true)
    expect(stripVTControlCharacters(now).split('\n')[0]).toBe(
      `${'█'.repeat(24)}${'▓'.repeat(4)}${'▒'.repeat(8)}${'░'.repeat(4)}`,
    )
  })

  it.each([30, 40, 79, 200])('fits into %i columns, and keeps each count with its word', (columns) => {
    const { view, written } = watch({ isTTY: true, columns })
    view(some)
    const lines = stripVTControlCharacters(written()).trimEnd().split('\n')
    for (const line of lines) expect(line.length).toBeLessThan(columns)
    expect(lines.slice(1).join(' ').replace(/ +/g, ' ')).toBe(
      'running 4 of 10 completed, 2 failed, 1 waiting for a person, 2 under way, 1 not started',
    )
  })
})
