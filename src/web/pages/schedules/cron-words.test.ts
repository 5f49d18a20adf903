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

  it('are none for a text that is no cron', async () => {
    expect(await cronWords('every day', 'en')).toBeUndefined()
  })
})
