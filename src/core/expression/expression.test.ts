import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../errors.ts'
import type { Json, JsonObject } from '../json.ts'
import { evaluateExpression, parseExpression, references } from './expression.ts'

const scope: JsonObject = {
  a: { b: [1, 2, 3], s: 'x', n: null, 'my key': 5 },
  nodes: { restart: { output: { exitCode: 0 }, status: 'completed' } },
  items: [
    { name: 'b', size: 2 },
    { name: 'a', size: 1 },
  ],
  now: '2026-01-01T00:00:00.000Z',
}

const evaluate = (source: string, over: JsonObject = scope): Json =>
  evaluateExpression(parseExpression(source), over)

function refusal(source: string, over: JsonObject = scope): { message: string; span: unknown } {
  try {
    evaluate(source, over)
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid-expression') {
      return { message: error.message, span: error.details.span }
    }
    throw error
  }
  throw new Error(`${source} was not refused`)
}

describe('numbers', () => {
  it.each([
    ['7 / 2', 3.5],
    ['1 == 1.0', true],
    ['7 % 4', 3],
    ['-a.b[0] + 1.5', 0.5],
    ['a.b[a.b[0] + 1]', 3],
    ['a.b[size(a.b) - 1]', 3],
    ['nodes.restart.output.exitCode == 0', true],
    ['2 in a.b', true],
    ['2.0 in [1, 2]', true],
    ['0xFF + 1u', 256],
    ['1 < 1.5 && 2 >= a.b[1]', true],
    ['int("42") + int(3.9)', 45],
    ['double("1.5")', 1.5],
    ['round(2.5)', 3],
    ['round(-2.5)', -3],
    ['round(1.005, 2)', 1.01],
    ['round(0.0000001, 2)', 0],
    ['floor(1.9) + ceil(1.1) + abs(-1)', 4],
    ['max(1, 3, 2)', 3],
    ['min(a.b)', 1],
    ['sum(a.b)', 6],
    ['size("héé")', 3],
    ['a.b.size()', 3],
    ['string(3) + string(1.5)', '31.5'],
  ])('%s', (source, expected) => {
    expect(evaluate(source)).toEqual(expected)
  })

  it('never gives a BigInt, NaN or Infinity', () => {
    expect(typeof evaluate('1')).toBe('number')
    expect(refusal('1 / 0').message).toBe('division by zero')
    expect(refusal('5 % 0').message).toBe('division by zero')
    expect(refusal('1e308 * 10').message).toContain('not a number JSON knows')
    expect(refusal('[1e308 * 10]').message).toContain('not a number JSON knows')
    expect(refusal('9'.repeat(400)).message).toBe('the number is too large')
  })

  it('computes as JavaScript does', () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(numbers, numbers, (x, y) => {
        expect(evaluate('x < y', { x, y })).toBe(x < y)
        expect(evaluate('x == y', { x, y })).toBe(x === y)
        if (Number.isFinite(x + y)) expect(evaluate('x + y', { x, y })).toBe(x + y)
      }),
    )
  })
})

describe('texts, lists and maps', () => {
  it.each<[string, Json]>([
    ['"Ab".upper() + "Ab".lowerAscii()', 'ABab'],
    ['" x ".trim()', 'x'],
    ['"a,b,c".split(",")', ['a', 'b', 'c']],
    ['"a,b,c".split(",", 2)', ['a', 'b,c']],
    ['["a", "b"].join("-")', 'a-b'],
    ['[1, true, null, "x"].join(" ")', '1 true  x'],
    ['"banana".replace("an", "x")', 'bxxa'],
    ['"banana".replace("an", "x", 1)', 'bxana'],
    ['"hello".substring(1, 3)', 'el'],
    ['"hello".substring(3)', 'lo'],
    ['"hello".contains("ell") && "hello".startsWith("he") && "hello".endsWith("lo")', true],
    ['"hello".indexOf("l") + "hello".lastIndexOf("l")', 5],
    ['"nginx-12".matches("^[a-z]+-[0-9]+$")', true],
    ['matches("abc", "b")', true],
    ['json({"a": [1, "x", null]})', '{"a":[1,"x",null]}'],
    ['parseJson("{\\"a\\": 1}").a', 1],
    ['{"a": 1, "b": "x"}', { a: 1, b: 'x' }],
    ['{1: "one", true: "yes"}', { 1: 'one', true: 'yes' }],
    ['[1, "x", null, a.b]', [1, 'x', null, [1, 2, 3]]],
    ['[1] + ["x"]', [1, 'x']],
    ['a.b == [1, 2, 3]', true],
    ['{"x": [1]} == {"x": [1.0]}', true],
    ['"s" in a && !("zz" in a)', true],
    ['1 == "1"', false],
    ['null == a.n', true],
    ['a["my key"]', 5],
    ['keys({"x": 1, "y": 2})', ['x', 'y']],
    ['[3, 1, 2].sort()', [1, 2, 3]],
    ['[1, 1, [2], [2]].distinct()', [1, [2]]],
    ['[[1], 2].flatten()', [1, 2]],
    ['type(1) + type("") + type([])', 'numberstringlist'],
    ['true ? 1 : "x"', 1],
  ])('%s', (source, expected) => {
    expect(evaluate(source)).toEqual(expected)
  })

  it('says what does not fit', () => {
    expect(refusal('1 + "a"')).toEqual({
      message: 'cannot use + with a number and a string; use string(…) to make a text',
      span: [0, 7],
    })
    expect(refusal('1 < "a"').message).toBe('cannot compare a number with a string')
    expect(refusal('1 ? 2 : 3').message).toBe('expected true or false, found a number')
    expect(refusal('size(1)').message).toBe('a number has no size')
    expect(refusal('"a".substring(5)').message).toContain('not a position')
    expect(refusal('parseJson("{")').message).toBe('the text is not valid JSON')
    expect(refusal('nope(1)')).toEqual({ message: "there is no function 'nope'", span: [0, 7] })
    expect(refusal('trim()').message).toContain("'trim' takes 1 arguments")
    expect(refusal('b"abc"').message).toBe('byte literals are not supported')
  })
})

describe('comprehensions', () => {
  it.each<[string, Json]>([
    ['items.map(i, i.name)', ['b', 'a']],
    ['items.map(i, i.size > 1, i.name)', ['b']],
    ['items.filter(i, i.size > 1).size()', 1],
    ['items.all(i, i.size > 0)', true],
    ['items.exists(i, i.name == "a")', true],
    ['items.exists_one(i, i.size == 1)', true],
    ['items.sortBy(i, i.size).map(i, i.name)', ['a', 'b']],
    ['nodes.map(id, nodes[id].status)', ['completed']],
    [
      'a.b.map(x, a.b.map(y, x * y))',
      [
        [1, 2, 3],
        [2, 4, 6],
        [3, 6, 9],
      ],
    ],
    ['a.b.map(a, a + 1)', [2, 3, 4]],
    ['cel.bind(x, 2, x * x)', 4],
    ['items.exists(i, i.missing == 1 || i.size == 1)', true],
  ])('%s', (source, expected) => {
    expect(evaluate(source)).toEqual(expected)
  })

  it('one deciding item wins over errors of others, otherwise the error stands', () => {
    expect(evaluate('[{"v": 1}, {}].exists(x, x.v == 1)')).toBe(true)
    expect(evaluate('[{}, {"v": 2}].all(x, x.v == 1)')).toBe(false)
    expect(refusal('[{}, {"v": 1}].all(x, x.v == 1)').message).toBe("'x' has no field 'v'")
  })
})

describe('what is missing', () => {
  it('names the variable or field and where it stands', () => {
    expect(refusal('zz.y')).toEqual({ message: "there is no variable 'zz' here", span: [0, 2] })
    expect(refusal('nodes.restart.output.code')).toEqual({
      message: "'nodes.restart.output' has no field 'code'",
      span: [21, 25],
    })
    expect(refusal('a.n.x').message).toBe("'a.n' is null, so it has no field 'x'")
    expect(refusal('a.s.x').message).toBe("'a.s' is a string, so it has no field 'x'")
    expect(refusal('a.b[9]').message).toBe("'a.b' has 3 items, no item 9")
    expect(refusal('a.b[0.5]').message).toContain('no item 0.5')
    expect(refusal('a.b[-1]').message).toContain('no item -1')
  })

  it.each<[string, Json]>([
    ['has(a.s)', true],
    ['has(a.x.y)', false],
    ['has(record.name)', false],
    ['a.?s', 'x'],
    ['a.?x', null],
    ['a?.x', null],
    ['a?.s == "x"', true],
    ['a.?x.y.z.orValue(3)', 3],
    ['a?.x.orValue("d") + "?."', 'd?.'],
    ['a.n.orValue("d")', 'd'],
    ['a.b[?9].orValue(0)', 0],
    ['a.?x.or(a.?s).value()', 'x'],
    ['a.?x.hasValue()', false],
    ['optional.of(1).orValue(2) + optional.none().orValue(2)', 3],
    ['[a.?x, a.?s]', [null, 'x']],
    ['false && a.zz', false],
    ['a.zz || true', true],
  ])('%s', (source, expected) => {
    expect(evaluate(source)).toEqual(expected)
  })
})

describe('time', () => {
  it.each<[string, Json]>([
    ['timestamp(now) + duration("1h30m")', '2026-01-01T01:30:00.000Z'],
    ['timestamp("2026-01-03") - timestamp(now)', '172800s'],
    ['timestamp(now) > timestamp("2025-12-31T23:59:59Z")', true],
    ['timestamp(now).getHours("Asia/Shanghai")', 8],
    ['timestamp(now).getDayOfWeek()', 4],
    ['timestamp("2026-02-01").getDayOfYear()', 31],
    ['duration("90m").getHours()', 1],
    ['duration("2d") == duration("48h")', true],
  ])('%s', (source, expected) => {
    expect(evaluate(source)).toEqual(expected)
  })

  it('refuses what is no time', () => {
    expect(refusal('timestamp("tomorrow")').message).toContain('2030-01-31T12:00:00Z')
    expect(refusal('duration("soon")').message).toContain('1h30m')
    expect(refusal('timestamp(now).getHours("Mars/Olympus")').message).toContain('no time zone')
    expect(refusal('timestamp(1e15)').message).toBe('the time is out of range')
  })
})

describe('references', () => {
  const of = (source: string) => references(parseExpression(source))

  it('gives static chains, bracketed text too', () => {
    expect(of('nodes.restart.output["exitCode"] == 0')).toEqual([
      { root: 'nodes', path: ['restart', 'output', 'exitCode'] },
    ])
    expect(of('has(record.owner) && target.?name.orValue(now) == ""')).toEqual([
      { root: 'record', path: ['owner'] },
      { root: 'target', path: ['name'] },
      { root: 'now', path: [] },
    ])
    expect(of('nodes[inputs.id].output')).toEqual([
      { root: 'nodes', path: [] },
      { root: 'inputs', path: ['id'] },
    ])
  })

  it('leaves out variables of comprehensions, but only inside them', () => {
    expect(of('items.map(i, i.a + x.y) + i.z')).toEqual([
      { root: 'items', path: [] },
      { root: 'x', path: ['y'] },
      { root: 'i', path: ['z'] },
    ])
    expect(of('cel.bind(v, a.b, v.c + w)')).toEqual([
      { root: 'a', path: ['b'] },
      { root: 'w', path: [] },
    ])
  })
})

describe('cache', () => {
  it('parses a source once', () => {
    expect(parseExpression('a.b[0] + 41')).toBe(parseExpression('a.b[0] + 41'))
  })

  it('hands parts of the scope through without copying', () => {
    expect(evaluate('a.b')).toBe((scope.a as JsonObject).b)
    expect(evaluate('true ? a : null')).toBe(scope.a)
  })
})
