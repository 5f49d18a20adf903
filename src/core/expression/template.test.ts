import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../errors.ts'
import type { Json, JsonObject } from '../json.ts'
import { parseTemplate, renderSql, renderTemplate, templateReferences } from './template.ts'

const scope: JsonObject = {
  name: 'web-1',
  n: 3,
  list: [1, 'a'],
  map: { k: 'v' },
  nothing: null,
  trick: '{{ n }}',
}
const render = (source: string): Json => renderTemplate(parseTemplate(source), scope)

function refusal(run: () => unknown): { message: string; span: unknown } {
  try {
    run()
  } catch (error) {
    if (error instanceof AppError) return { message: error.message, span: error.details.span }
    throw error
  }
  throw new Error('not refused')
}

describe('renderTemplate', () => {
  it.each<[string, Json]>([
    ['plain', 'plain'],
    ['', ''],
    ['{{ n }}', 3],
    ['{{list}}', [1, 'a']],
    ['{{ nothing }}', null],
    ['n = {{ n }}!', 'n = 3!'],
    [' {{ n }}', ' 3'],
    ['{{ n }}{{ n }}', '33'],
    ['<{{ nothing }}>', '<>'],
    ['{{ list }} {{ map }}', '[1,"a"] {"k":"v"}'],
    ['{{ "}}" + name }}', '}}web-1'],
    ["{{ '{{' }}!", '{{!'],
    ['{{ {"a": {"b": n}} }}', { a: { b: 3 } }],
    ['{{{"a": {"b": n}}}}', { a: { b: 3 } }],
    ['{{ r"\\d" + "}}" }}', '\\d}}'],
    ['{{ """it\'s "}}" """ }}', 'it\'s "}}" '],
    ["{{ n // it's a comment }}\n + 1 }}", 4],
    ['\\{{ n }}', '{{ n }}'],
    ['\\\\{{ n }}', '\\3'],
    ['\\\\\\{{ n }}', '\\{{ n }}'],
    ['C:\\dir\\ {{ n }}', 'C:\\dir\\ 3'],
    ['a } b }} c', 'a } b }} c'],
    ['{{ trick }}', '{{ n }}'],
    ['x {{ trick }}', 'x {{ n }}'],
  ])('%s', (source, expected) => {
    expect(render(source)).toEqual(expected)
  })

  it('evaluates once: what data contains is never a template', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(renderTemplate(parseTemplate('a {{ v }} b'), { v: value })).toBe(`a ${value} b`)
        expect(renderTemplate(parseTemplate('{{ v }}'), { v: value })).toBe(value)
      }),
    )
  })

  it('encodes each hole, a lone one too', () => {
    const encode = (value: Json) => `<${JSON.stringify(value)}>`
    expect(renderTemplate(parseTemplate('{{ n }}'), scope, encode)).toBe('<3>')
    expect(renderTemplate(parseTemplate('a {{ name }} {{ nothing }}'), scope, encode)).toBe(
      'a <"web-1"> <null>',
    )
  })

  it('points into the template', () => {
    expect(refusal(() => parseTemplate('abc {{ n'))).toEqual({
      message: 'a {{ is not closed by }}; write \\{{ for two braces',
      span: [4, 8],
    })
    expect(refusal(() => parseTemplate('abc {{ "n }}')).span).toEqual([4, 12])
    expect(refusal(() => parseTemplate('abc {{ n + }}')).span).toEqual([11, 11])
    expect(refusal(() => parseTemplate('abc {{ }}')).message).toBe('the expression is empty')
    expect(refusal(() => render('abc {{ map.zz }}'))).toEqual({
      message: "'map' has no field 'zz'",
      span: [11, 13],
    })
  })

  it('never fails otherwise', () => {
    const parts = fc.constantFrom(
      '{{',
      '}}',
      '{',
      '}',
      '\\',
      '"',
      "'",
      'n',
      ' ',
      '"""',
      '//',
      '\n',
      '.',
      'name',
    )
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 20 }), (pieces) => {
        try {
          render(pieces.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps a plain text as it is and parses the rest once', () => {
    expect(parseTemplate('no holes').parts).toEqual(['no holes'])
    expect(parseTemplate('a {{ n }}')).toBe(parseTemplate('a {{ n }}'))
  })
})

describe('renderSql', () => {
  it('binds every hole', () => {
    const template = parseTemplate(
      "select * from t where a = {{ name }} and b = any({{ list }}) and c = '\\{{'",
    )
    expect(renderSql(template, scope)).toEqual({
      text: "select * from t where a = $1 and b = any($2) and c = '{{'",
      values: ['web-1', [1, 'a']],
    })
    expect(renderSql(parseTemplate('{{ n }}'), scope)).toEqual({ text: '$1', values: [3] })
    expect(renderSql(parseTemplate('select 1'), scope)).toEqual({ text: 'select 1', values: [] })
  })

  it('never puts a value into the statement', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const result = renderSql(parseTemplate('select {{ v }}, {{ v }}'), { v: value })
        expect(result).toEqual({ text: 'select $1, $2', values: [value, value] })
      }),
    )
  })
})

describe('templateReferences', () => {
  it('has spans in the template', () => {
    expect(templateReferences(parseTemplate('a {{ map.k }} {{ n }}'))).toEqual([
      { root: 'map', path: ['k'], span: [5, 10] },
      { root: 'n', path: [], span: [17, 18] },
    ])
  })
})
