import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../errors.ts'
import type { Json, JsonObject } from '../json.ts'
import { evaluateExpression, parseExpression } from './expression.ts'

function outcome(source: string, scope: JsonObject = {}): Json {
  try {
    return evaluateExpression(parseExpression(source), scope)
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid-expression') return error.message
    throw error
  }
}

describe('hostile names', () => {
  const scope = JSON.parse('{"a": {"x": 1, "__proto__": {"polluted": true}, "constructor": "own"}}')

  it.each([
    'a.__proto__',
    'a["__proto__"]',
    'a.x.constructor',
    '"".constructor',
    '[].constructor',
    'a.toString',
    'a["hasOwnProperty"]',
    '{}["constructor"]',
    '[1]["length"]',
    'a["const" + "ructor"]["constructor"]',
  ])('%s is not reachable', (source) => {
    expect(outcome(source, scope)).toMatch(/no (field|item)/)
  })

  it('the scope has no inherited variables either', () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      expect(outcome(name)).toBe(`there is no variable '${name}' here`)
    }
    expect(outcome('__proto__')).toContain('reserved')
  })

  it('no prototype is changed by maps or parsed JSON', () => {
    expect(outcome('{"__proto__": {"polluted": true}}')).toContain('__proto__')
    expect(outcome('parseJson("{\\"__proto__\\": {\\"polluted\\": true}, \\"ok\\": 1}")')).toEqual({ ok: 1 })
    expect(outcome('parseJson("{\\"__proto__\\": {\\"polluted\\": true}}").polluted')).toContain('no field')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('functions are found by own name only', () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', '__defineGetter__']) {
      expect(outcome(`${name}(1)`)).toContain('there is no function')
      expect(outcome(`"x".${name}(1)`)).toContain('there is no function')
    }
  })
})

describe('size and depth', () => {
  it.each([
    ['parentheses', `${'('.repeat(4000)}1${')'.repeat(4000)}`],
    ['open parentheses', '('.repeat(10_000)],
    ['negations', '!'.repeat(9_999)],
    ['minus signs', `${'-'.repeat(9_000)}1`],
    ['lists', `${'['.repeat(3000)}${']'.repeat(3000)}`],
    ['sums', `1${'+1'.repeat(4000)}`],
    ['members', `a${'.b'.repeat(4000)}`],
    ['ternaries', `${'true?1:'.repeat(1000)}1`],
  ])('%s are refused', (_, source) => {
    expect(outcome(source)).toMatch(/nested too deeply/)
  })

  it('10^4 parentheses and any longer text are refused by length', () => {
    expect(outcome(`${'('.repeat(10_000)}1${')'.repeat(10_000)}`)).toBe(
      'an expression has at most 10000 characters',
    )
  })

  it('reasonable nesting is allowed', () => {
    expect(outcome(`${'('.repeat(50)}1${')'.repeat(50)}`)).toBe(1)
    expect(outcome(`1${'+1'.repeat(200)}`)).toBe(201)
  })
})

describe('work', () => {
  const list = Array.from({ length: 20_000 }, (_, index) => index)
  const doubling = (start: string, step: (name: string) => string) => {
    const names = Array.from({ length: 40 }, (_, index) => `v${index}`)
    const binds = names.slice(1).map((name, index) => `cel.bind(${name}, ${step(names[index] as string)}, `)
    return `cel.bind(v0, ${start}, ${binds.join('')}v39${')'.repeat(40)}`
  }

  it.each([
    ['nested loops', 'l.all(a, l.all(b, l.all(c, true)))'],
    ['nested loops behind a caught error', 'l.all(a, l.all(b, l.all(c, true))) || true'],
    ['errors in every round', 'l.all(a, a.x) || l.all(a, l.exists(b, b.x))'],
    ['doubled texts', doubling('"xxxxxxxxxxxxxxxx"', (name) => `${name} + ${name}`)],
    ['doubled lists', doubling('[1, 2]', (name) => `${name} + ${name}`)],
    ['a result that is a tree of shared parts', doubling('[1, 2]', (name) => `[${name}, ${name}]`)],
    [
      'comparing such trees',
      `${doubling('[1]', (name) => `[${name}, ${name}]`)} == ${doubling('[1]', (name) => `[${name}, ${name}]`)}`,
    ],
    ['replacing into everything', doubling('"xx"', (name) => `${name}.replace("x", ${name})`)],
    ['membership in a loop', 'l.map(a, -1 in l)'],
  ])('%s: stopped', (_, source) => {
    expect(outcome(source, { l: list })).toBe('the expression does too much work')
  })

  it('patterns run in linear time and have limits', () => {
    expect(outcome('s.matches("(a+)+$")', { s: `${'a'.repeat(50_000)}!` })).toBe(false)
    expect(outcome('s.matches("(.*a){20}$")', { s: 'b'.repeat(5_000) })).toBe(false)
    expect(outcome('"a".matches("(a{1000}){1000}")')).toContain('not a valid pattern')
    expect(outcome('"a".matches("(")')).toContain('not a valid pattern')
    expect(outcome('"a".matches("(?=a)")')).toContain('not a valid pattern')
    expect(outcome('"a".matches(p)', { p: 'a'.repeat(1001) })).toContain('at most 1000 characters')
  })
})

describe('random sources', () => {
  const words = [
    'a',
    '.',
    '.?',
    '[',
    ']',
    '(',
    ')',
    '{',
    '}',
    '"',
    "'",
    '1',
    '-',
    '+',
    '&&',
    '||',
    '?',
    ':',
    ',',
    ' in ',
    '==',
  ]
  const more = [
    'map',
    'filter',
    'all',
    'has',
    'x',
    '__proto__',
    'constructor',
    'orValue',
    'cel',
    'bind',
    'optional',
    'of',
  ]
  const fragments = fc
    .array(fc.constantFrom(...words, ...more), { maxLength: 30 })
    .map((parts) => parts.join(''))

  it('never make an untyped error', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 60 }), fragments),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (source, a) => {
          const value = outcome(source, { a } as JsonObject)
          expect(JSON.parse(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)))
          expect(value).not.toBeUndefined()
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('every literal comes back as the JSON it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        expect(outcome('parseJson(json(v)) == v', { v: value as Json })).toBe(
          !JSON.stringify(value).includes('"__proto__":'),
        )
        expect(outcome('v', { v: value as Json })).toBe(value)
      }),
    )
  })
})
