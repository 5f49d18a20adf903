import { describe, expect, it } from 'vitest'
import { ansiParts, plainText } from './ansi.ts'

const looks = (line: string) => ansiParts(line).map(({ at: _at, ...part }) => part)

const esc = '\u001b'

describe('ansiParts', () => {
  it('leaves plain lines as they are', () => {
    expect(ansiParts('all well [31m]')).toEqual([{ at: 0, text: 'all well [31m]' }])
    expect(ansiParts('')).toEqual([])
  })

  it('reads colours, weights and their ends', () => {
    expect(looks(`${esc}[1;31mFAIL${esc}[0m one ${esc}[92mok${esc}[39m ${esc}[4mhere${esc}[24m.`)).toEqual([
      { text: 'FAIL', bold: true, color: 'red' },
      { text: ' one ' },
      { text: 'ok', color: 'green' },
      { text: ' ' },
      { text: 'here', underline: true },
      { text: '.' },
    ])
  })

  it('steps over the operands of richer colours', () => {
    expect(looks(`${esc}[38;5;31mx${esc}[38;2;1;2;31my${esc}[22mz`)).toEqual([
      { text: 'x' },
      { text: 'y' },
      { text: 'z' },
    ])
  })

  it('leaves out what moves a cursor or names a window, and an unfinished sequence stays text', () => {
    expect(plainText(`${esc}[2Kdone${esc}]0;title\u0007 now${esc}M`)).toBe('done now')
    expect(plainText(`cut ${esc}[3`)).toContain('cut ')
  })
})
