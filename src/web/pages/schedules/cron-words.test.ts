import { describe, expect, it } from 'vitest'
import { cronWords } from './cron-words.ts'

describe('words for a cron text', () => {
  it('are of the language of the page', async () => {
    const cron = '0 2 * * MON'
    expect(await cronWords(cron, 'en')).toBe('At 02:00, only on Monday')
    expect(await cronWords(cron, 'ru')).toMatch(/02:00.*понедельник/)
    expect(await cronWords(cron, 'zh')).toMatch(/02:00.*星期一/)
  })

  it('know what the server knows: seconds, the last day, the second Monday', async () => {
    for (const cron of ['*/15 * * * * *', '0 0 L * *', '0 12 * * 1#2'])
      expect(await cronWords(cron, 'en')).toBeTruthy()
  })

  it('say that days of the month and days of the week are two ways to fire', async () => {
    const words = await Promise.all(
      (['en', 'zh', 'ru'] as const).map((language) => cronWords('0 2 1 * 1', language)),
    )
    expect(words[0]).toBe('At 02:00, on day 1 of the month; or: At 02:00, only on Monday')
    expect(words.map((text) => text?.split(/; or: |；或者：|; или: /).length)).toEqual([2, 2, 2])
    expect(await cronWords('0 2 1 * *', 'en')).toBe('At 02:00, on day 1 of the month')
  })

  it('are none for a text that is no cron', async () => {
    expect(await cronWords('every day', 'en')).toBeUndefined()
  })
})
