import { describe, expect, it } from 'vitest'
import { displayWidth, fitTo } from './display-width.ts'

const red = (text: string) => `\u001b[31m${text}\u001b[39m`

describe('the width of a text', () => {
  it.each([
    ['abc', 3],
    ['重启', 4],
    ['Сбой', 4],
    ['e\u0301', 1],
    [red('abc'), 3],
    ['', 0],
  ])('of %j is %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })

  it('is cut to what fits, colours apart', () => {
    expect(fitTo('abcdef', 6)).toBe('abcdef')
    expect(fitTo('abcdefg', 6)).toBe('abcde…')
    expect(fitTo('重启服务', 6)).toBe('重启…')
    expect(fitTo(red('abcdefg'), 6)).toBe(`${red('abcde')}…`)
  })
})
