import { describe, expect, it } from 'vitest'
import { type PaletteGroup, ranked } from './rank.ts'

const entry = (group: PaletteGroup, title: string, also: string[] = []) => ({ group, title, also })
const pages = [entry('pages', 'Run'), entry('pages', 'Executions'), entry('pages', 'Reports')]
const of = (entries: Parameters<typeof ranked>[0], typed: string) =>
  ranked(entries, typed).map(({ group, entries: found }) => [group, found.map(({ title }) => title)])

describe('the palette', () => {
  it('shows everything in its order while nothing is typed', () => {
    const acts = [entry('acts', 'Timeline')]
    expect(of([...acts, ...pages], ' ')).toEqual([
      ['pages', ['Run', 'Executions', 'Reports']],
      ['acts', ['Timeline']],
    ])
  })

  it('puts the name itself before its beginning, a beginning before a word, a word before a part', () => {
    const names = ['Overrun', 'A long run', 'Running', 'Run'].map((title) => entry('workflows', title))
    expect(of(names, 'rUN ')).toEqual([['workflows', ['Run', 'Running', 'A long run', 'Overrun']]])
  })

  it('keeps groups in their order, whatever fits best, and leaves out those without a find', () => {
    const all = [entry('executions', 'Report'), ...pages]
    expect(of(all, 'report')).toEqual([
      ['pages', ['Reports']],
      ['executions', ['Report']],
    ])
    expect(of(all, 'nothing')).toEqual([])
  })

  it('finds an execution by its number before those whose target has it', () => {
    const executions = [
      entry('executions', 'Patch', ['#58', '58', 'host-47']),
      entry('executions', 'Restart', ['#47', '47', 'pay-03']),
    ]
    expect(of(executions, '47')).toEqual([['executions', ['Restart', 'Patch']]])
    expect(of(executions, '#47')).toEqual([['executions', ['Restart']]])
  })

  it('shows six of a group, and keeps the order among equals', () => {
    const many = Array.from({ length: 9 }, (_, index) => entry('executions', `Patch ${index}`))
    const titles = many.slice(0, 6).map(({ title }) => title)
    expect(of(many, 'patch')).toEqual([['executions', titles]])
  })

  it('does not keep what an earlier text found', () => {
    expect(of([entry('workflows', 'Rebuild'), entry('workflows', 'Restart')], 'rest')).toEqual([
      ['workflows', ['Restart']],
    ])
  })
})
