// The page of problems names every code there is, and the code reports no other.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { maxNesting } from './containers.ts'
import { maxProblems } from './context.ts'
import { problemCodes } from './problem-codes.ts'
import { maxDepth, maxEdges, maxNodes, maxValues } from './shape.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/reference/problems.md'), 'utf8')
const sources = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.ts') && !name.startsWith('problem-codes'))
  .map((name) => ({ name, text: readFileSync(join(import.meta.dirname, name), 'utf8') }))

describe('docs/reference/problems.md', () => {
  it('explains every code, in the order of the list', () => {
    const documented = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1])
    expect(documented).toEqual([...problemCodes])
  })

  it('states the limits as they are', () => {
    const text = (limit: number) => limit.toLocaleString('en-US')
    expect(page).toContain(`${text(maxNodes)} nodes, ${text(maxEdges)} edges or ${text(maxValues)} values`)
    expect(page).toContain(`more than ${maxDepth} levels, or containers more than ${maxNesting}`)
    expect(page).toContain(`At most ${maxProblems} are listed`)
  })
})

describe('the list of codes', () => {
  it.each(problemCodes)('%s is reported by some check, and proven by some test', (code) => {
    const naming = sources.filter(({ text }) => text.includes(code)).map(({ name }) => name)
    expect(
      naming.some((name) => !name.endsWith('.test.ts')),
      'reported',
    ).toBe(true)
    expect(
      naming.some((name) => name.endsWith('.test.ts')),
      'proven',
    ).toBe(true)
  })
})
