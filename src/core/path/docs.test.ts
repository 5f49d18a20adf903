// Every example of docs/reference/paths.md is parsed; a sentence there is only true while this passes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { maxSteps, parseFilter, parsePath } from './parse.ts'
import { maxFilterDepth } from './parse-filter.ts'
import { maxPathLength } from './tokens.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/reference/paths.md'), 'utf8')

function fenced(language: string): string[] {
  const blocks = page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))
  return [...blocks].flatMap((block) => (block[1] ?? '').trim().split('\n'))
}

/** The cells of the tables whose heading row names this column. */
function column(title: string): string[] {
  const tables = page.split('\n\n').filter((block) => block.startsWith('| '))
  return tables.flatMap((table) => {
    const rows = table
      .split('\n')
      .map((row) => row.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '')))
    const at = rows[0]?.indexOf(title) ?? -1
    return at < 0 ? [] : rows.slice(2).map((row) => row[at] ?? '')
  })
}

const code = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
const paths = [
  ...fenced('path'),
  ...column('path').flatMap(code),
  ...[...page.matchAll(/path: "(.*)"/g)].map((m) => m[1] ?? ''),
]
const filters = [...fenced('filter'), ...column('example').flatMap(code)]
const values = column('written').flatMap(code)

describe('docs/reference/paths.md', () => {
  it('holds the examples this test looks for', () => {
    expect(paths.length).toBeGreaterThanOrEqual(9)
    expect(filters.length).toBeGreaterThanOrEqual(7)
    expect(values.length).toBeGreaterThanOrEqual(9)
  })

  it.each(paths)('parses the path %s', (path) => expect(() => parsePath(path)).not.toThrow())
  it.each(filters)('parses the filter %s', (filter) => expect(() => parseFilter(filter)).not.toThrow())
  it.each(values)('parses the value %s', (value) => expect(() => parseFilter(`a = ${value}`)).not.toThrow())

  it('names every operator', () => {
    const operators = column('operator').flatMap(code)
    for (const filter of filters) {
      const used = filter.match(/!=|<=|>=|[=<>]|\b(?:and|or|not|in|like|is null|is not null)\b/g) ?? []
      for (const operator of used) expect(operators).toContain(operator)
    }
  })

  it('states the limits as they are', () => {
    expect(page).toContain(
      `at most ${maxSteps} steps and ${maxPathLength.toLocaleString('en-US')} characters`,
    )
    expect(page).toContain(`at most ${maxFilterDepth} deep`)
  })

  it('shows the error as it is', () => {
    expect(() => parseFilter('a = null')).toThrow('is null')
    expect(() => parsePath('a[b = {{ c }}]')).toThrow('fixed text')
  })
})
