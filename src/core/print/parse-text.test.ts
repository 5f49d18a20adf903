import { describe, expect, it } from 'vitest'
import { AppError } from '../errors.ts'
import { maxTextLength, parseDocumentText } from './parse-text.ts'

/** Code, message, and the text the span marks. */
function refusal(text: string): { code: string; message: string; marked?: string } {
  try {
    parseDocumentText(text)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { span } = error.details
    return { code: error.code, message: error.message, ...(span ? { marked: text.slice(...span) } : {}) }
  }
  throw new Error('nothing was refused')
}

describe('reading documents', () => {
  it('takes YAML and JSON for the same', () => {
    expect(parseDocumentText('a: 1\nb: [x, yes]\n')).toEqual({ a: 1, b: ['x', 'yes'] })
    expect(parseDocumentText('{ "a": 1, "b": ["x", "yes"] }')).toEqual({ a: 1, b: ['x', 'yes'] })
    expect(parseDocumentText('{ a: 1, b: [x, yes] }')).toEqual({ a: 1, b: ['x', 'yes'] })
    expect(parseDocumentText('# nothing\n')).toBeNull()
    expect(parseDocumentText('')).toBeNull()
  })

  it('follows a few aliases', () => {
    expect(parseDocumentText('a: &x { b: 1 }\nc: *x\n')).toEqual({ a: { b: 1 }, c: { b: 1 } })
  })

  it.each([
    ['a list that is not closed', 'a: [1, 2\nb: 3\n', 'Line 2, column 1: '],
    ['a wrong indent', 'a:\n   b: 1\n  c: 2\n', 'Line 3, column '],
    ['a text that is not closed', 'a: 1\nb: "x\n', 'Line '],
    ['a tab as indent', 'a:\n\tb: 1\n', 'Line 2, column 1: '],
    ['JSON that breaks off', '{\n  "a": ', 'Line 2, column '],
    ['a second document', 'a: 1\n---\nb: 2\n', 'Line 2, column '],
    ['a tag', 'a: !!js/function x\n', 'Line 1, column 4: '],
  ])('points at %s', (_, text, start) => {
    const { code, message } = refusal(text)
    expect(code).toBe('invalid-document')
    expect(message.slice(0, start.length)).toBe(start)
  })

  it('refuses duplicate keys, in YAML and JSON', () => {
    expect(refusal('a: 1\nb:\n  c: 1\n  c: 2\n')).toMatchObject({
      message: expect.stringContaining('Line 4, column 3'),
    })
    expect(refusal('{ "a": { "b": 1 }, "c": [{ "b": "}" }],\n "a": 2 }')).toEqual({
      code: 'invalid-document',
      message: 'Line 2, column 2: Map keys must be unique',
      marked: '"a"',
    })
    expect(refusal('{ "a": 1, "\\u0061": 2 }').marked).toBe('"\\u0061"')
    expect(parseDocumentText('[{ "a": "a" }, { "a": ["a", "a"] }]')).toEqual([{ a: 'a' }, { a: ['a', 'a'] }])
  })

  it('refuses aliases that multiply the document, or that name nothing', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for (let n = 1; n < 10; n++)
      lines.push(
        `a${n}: &a${n} [${Array(9)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      )
    expect(refusal(lines.join('\n')).code).toBe('invalid-document')
    expect(refusal('a: *b\n').code).toBe('invalid-document')
    expect(refusal('a: &a [*a]\n').code).toMatch(/too-deep|invalid-document/)
  })

  it.each([
    ['brackets', '['.repeat(200_000)],
    ['JSON', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['lists in lists', '- '.repeat(200_000)],
    ['explicit keys', '? '.repeat(200_000)],
    ['one level too many', `${'['.repeat(65)}${']'.repeat(65)}`],
  ])('refuses what is nested too deep: %s', (_, text) => expect(refusal(text).code).toBe('too-deep'))

  it('reads the deepest document there may be', () => {
    const deep = `${'{"a":'.repeat(63)}1${'}'.repeat(63)}`
    expect(JSON.stringify(parseDocumentText(deep))).toBe(deep)
    const block = Array.from({ length: 63 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')
    expect(JSON.stringify(parseDocumentText(block))).toBe(`${'{"a":'.repeat(63)}null${'}'.repeat(63)}`)
  })

  it.each([
    ['infinity', 'a: .inf\n'],
    ['the key __proto__', '__proto__: 1\n'],
    ['half of a character', '{ "a": "\\ud800" }'],
  ])('refuses %s', (_, text) => expect(refusal(text).code).toBe('invalid-document'))

  it('refuses what is too long before reading it', () => {
    expect(refusal(`a: ${'x'.repeat(maxTextLength)}`).code).toBe('payload-too-large')
  })
})
