import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filter, path, withoutSpans } from '../../../tests/helpers/path-arbitraries.ts'
import { AppError } from '../errors.ts'
import { maxSteps, parseFilter, parsePath } from './parse.ts'
import { maxFilterDepth } from './parse-filter.ts'
import { printFilter, printPath } from './print.ts'
import { maxPathLength } from './tokens.ts'

function refusal(source: string, parse: (text: string) => unknown = parsePath) {
  try {
    parse(source)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    expect(error.code).toBe('invalid-path')
    const [start, end] = error.details.span ?? [-1, -1]
    expect(start).toBeGreaterThanOrEqual(0)
    expect(end).toBeLessThanOrEqual(source.length)
    return { message: error.message, at: source.slice(start, end) }
  }
  throw new Error(`${source} was accepted`)
}

describe('parsePath (rule 30)', () => {
  it('reads the example of the design', () => {
    const source = "unit.app_instances[status = 'running' and env in ('prod','uat')].host"
    const parsed = parsePath(source)
    expect(parsed.steps.map((step) => step.name)).toEqual(['unit', 'app_instances', 'host'])
    expect(parsed.steps[1]?.filter).toMatchObject({ type: 'and', items: [{ op: '=' }, { type: 'in' }] })
    expect(printPath(parsed)).toBe("unit.app_instances[status = 'running' and env in ('prod', 'uat')].host")
  })

  it('reads the empty path as the target itself', () => {
    expect(parsePath('')).toEqual({ steps: [] })
    expect(parsePath(' \n')).toEqual({ steps: [] })
  })

  it('lets a filter stand directly on the target', () => {
    expect(parsePath("[env = 'prod'].host")).toMatchObject({ filter: { op: '=' }, steps: [{ name: 'host' }] })
    expect(parsePath('[env is null]')).toMatchObject({ filter: { type: 'null' }, steps: [] })
  })

  it('marks where names stand', () => {
    const source = 'unit . hosts[ cpu > 4 ]'
    const { steps } = parsePath(source)
    expect(steps.map((step) => source.slice(...step.span))).toEqual(['unit', 'hosts'])
    const { filter } = steps[1] ?? {}
    expect(source.slice(...(filter?.span ?? [0, 0]))).toBe('cpu > 4')
  })

  it.each([
    ['unit..host', '.', 'Expected the name of a relation'],
    ['.unit', '.', 'Expected the name of a relation'],
    ['unit.', '', 'found the end'],
    ['unit host', 'host', 'Expected . or the end'],
    ['unit[a = 1', '', 'Expected and, or or ]'],
    ['unit[]', ']', 'Expected the name of a field'],
    ['unit[a = 1][b = 2]', '[', 'Expected . or the end'],
    ['[a = 1]unit', 'unit', 'Expected . or the end'],
    ["unit['x']", "'x'", 'Expected the name of a field'],
    ['unit.and', 'and', 'Expected the name of a relation'],
    ['unit;drop', ';', 'has no place here'],
    ['unit.{{ inputs.x }}', '{', 'fixed text'],
  ])('refuses %s at "%s"', (source, at, message) => {
    const refused = refusal(source)
    expect(refused.at).toBe(at)
    expect(refused.message).toContain(message)
  })

  it('refuses too many steps and too long a text', () => {
    expect(parsePath(Array(maxSteps).fill('a').join('.')).steps).toHaveLength(maxSteps)
    expect(
      refusal(
        Array(maxSteps + 1)
          .fill('a')
          .join('.'),
      ).message,
    ).toContain('steps')
    expect(refusal('a'.repeat(maxPathLength + 1)).message).toContain('characters')
  })

  it('reads back what it prints', () => {
    fc.assert(
      fc.property(path, (each) => {
        const text = printPath(each)
        fc.pre(text.length <= maxPathLength)
        expect(withoutSpans(parsePath(text))).toEqual(withoutSpans(each))
      }),
      { numRuns: 500 },
    )
  })

  it('never throws anything but a located invalid-path', () => {
    const pieces = fc.constantFrom(
      'a',
      '.',
      '[',
      ']',
      '(',
      ')',
      ' and ',
      ' not ',
      ' in ',
      '=',
      "'",
      '1',
      'null',
      '\0',
      '🎼',
    )
    const noise = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(pieces).map((all) => all.join('')),
    )
    fc.assert(
      fc.property(noise, (source) => {
        for (const parse of [parsePath, parseFilter]) {
          try {
            parse(source)
          } catch {
            refusal(source, parse)
          }
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('parseFilter', () => {
  it('binds not tighter than and, and tighter than or', () => {
    expect(printFilter(parseFilter('not a = 1 and b = 2 or c = 3'))).toBe('(not a = 1 and b = 2) or c = 3')
    expect(printFilter(parseFilter('not (a = 1 and (b = 2 or c = 3))'))).toBe(
      'not (a = 1 and (b = 2 or c = 3))',
    )
  })

  it('reads every operator, keywords in any case', () => {
    const source =
      "A = 1 AND b != -2.5 and c < 1e3 and d <= e and f > 'x' and g >= true OR h Is Not Null and i is null"
    expect(() => parseFilter(source)).not.toThrow()
    expect(parseFilter("a not in (1, 'x', false)")).toMatchObject({ type: 'in', negated: true })
    expect(parseFilter("a not like 'x%'")).toMatchObject({ type: 'like', negated: true })
  })

  it('doubles quotes inside text', () => {
    expect(parseFilter("a = 'it''s'")).toMatchObject({ value: { value: "it's" } })
    expect(parseFilter("a = ''''")).toMatchObject({ value: { value: "'" } })
    expect(parseFilter("a = ''")).toMatchObject({ value: { value: '' } })
  })

  it.each([
    ["a == 'x'", '=', 'Equality is written ='],
    ['a <> 1', '<', 'Inequality is written !='],
    ['a = "x"', '"', 'single quotes'],
    ["a = 'x", "'x", 'no closing quote'],
    ['a = 1 && b = 2', '&', 'Write and'],
    ['a = 1 || b = 2', '|', 'Write or'],
    ['!a', '!', 'Write not'],
    ['a = null', 'null', '"is null"'],
    ['a != null', 'null', '"is not null"'],
    ['a in (1, null)', 'null', 'cannot be listed'],
    ['a in ()', ')', 'Expected a value'],
    ['a in 1', '1', 'Expected ( after in'],
    ['a like 5', '5', 'Expected text after like'],
    ["a like 'x\\'", "'x\\'", 'single \\'],
    ['a = 1e999', '1e999', 'too large'],
    ['a not = 1', '=', 'Expected in or like'],
    ['a is 1', '1', 'Expected null or not null'],
    ['a', '', 'Expected an operator after a'],
    ['1 = a', '1', 'Expected the name of a field'],
    ['a = 1 b = 2', 'b', 'Expected and, or or the end'],
    ["a = 'x\0'", '\0', 'U+0000'],
  ])('refuses %s at "%s"', (source, at, message) => {
    const refused = refusal(source, parseFilter)
    expect(refused.at).toBe(at)
    expect(refused.message).toContain(message)
  })

  it('refuses deep nesting, of brackets and of not', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}a = 1${')'.repeat(depth)}`
    expect(() => parseFilter(nested(maxFilterDepth))).not.toThrow()
    expect(refusal(nested(maxFilterDepth + 1), parseFilter).message).toContain('nested')
    expect(refusal(nested(1900), parseFilter).message).toContain('nested')
    expect(refusal(`${'not '.repeat(900)}a = 1`, parseFilter).message).toContain('nested')
  })

  it('reads back what it prints', () => {
    fc.assert(
      fc.property(filter, (each) => {
        const text = printFilter(each)
        fc.pre(text.length <= maxPathLength)
        expect(withoutSpans(parseFilter(text))).toEqual(withoutSpans(each))
      }),
      { numRuns: 500 },
    )
  })
})
