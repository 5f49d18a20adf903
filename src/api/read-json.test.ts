import { describe, expect, it } from 'vitest'
import { readJson } from './read-json.ts'

const codeOf = (text: string) => {
  try {
    readJson(text)
    return 'accepted'
  } catch (error) {
    return (error as { code?: string }).code
  }
}

describe('readJson', () => {
  it('reads JSON, keys that look hostile but are plain data too', () => {
    const text = '{"constructor":1,"toString":{"then":[true,null,"é😀"]},"":0}'
    expect(JSON.stringify(readJson(text))).toBe(text)
  })

  it.each([
    ['{', 'invalid-json'],
    ['', 'invalid-json'],
    ['{"__proto__":{"polluted":1}}', 'bad-request'],
    ['[{"a":{"__proto__":null}}]', 'bad-request'],
    ['"\\u0000"', 'bad-request'],
    ['{"a\\u0000":1}', 'bad-request'],
    ['"\\ud800"', 'bad-request'],
    ['1e999', 'bad-request'],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 'too-deep'],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'too-deep'],
    [`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'too-deep'],
  ])('refuses %.30s', (text, code) => {
    expect(codeOf(text)).toBe(code)
  })

  it('accepts 64 levels', () => {
    expect(codeOf(`${'['.repeat(64)}${']'.repeat(64)}`)).toBe('accepted')
  })

  it('points at the fault', () => {
    expect(() => readJson('{"a/b":[0,{"c~":"\\u0000"}]}')).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ pointer: '/a~1b/1/c~0' }) }),
    )
  })
})
