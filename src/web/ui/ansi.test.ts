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

  it('takes the nearest for richer colours, and leaves grounds and greys out', () => {
    expect(looks(`${esc}[38;5;31mx${esc}[38;2;1;2;31my${esc}[22mz`)).toEqual([
      { text: 'x', color: 'cyan' },
      { text: 'y', color: 'blue' },
      { text: 'z', color: 'blue' },
    ])
    const named = (codes: string) => looks(`${esc}[${codes}mx`)[0]
    expect(named('38;5;208')).toEqual({ text: 'x', color: 'yellow' })
    expect(named('38;5;9')).toEqual({ text: 'x', color: 'red' })
    expect(named('38;2;200;20;10;1')).toEqual({ text: 'x', color: 'red', bold: true })
    expect(named('31;38;5;245')).toEqual({ text: 'x' })
    expect(named('38;5;15')).toEqual({ text: 'x' })
    expect(named('48;5;31;4')).toEqual({ text: 'x', underline: true })
  })

  it('leaves out what moves a cursor or names a window, and an unfinished sequence stays text', () => {
    expect(plainText(`${esc}[2Kdone${esc}]0;title\u0007 now${esc}M`)).toBe('done now')
    expect(plainText(`cut ${esc}[3`)).toContain('cut ')
  })
})
