import { describe, expect, it } from 'vitest'
import { languages } from '../../access/users.ts'
import { executionStatuses } from '../../core/statuses.ts'
import { letterOf } from './letter.ts'

const content = {
  ...{ schedule: '1', name: 'N', workflow: 'w', target: 'T', execution: '7', status: 'completed' },
  ...{ reason: 'R', due: '2026-11-21T00:00:00.000Z' },
}
const latin = (text: string) =>
  text.replaceAll(/\[Fermata\]|2026-11-21T00:00:00.000Z/g, '').match(/[A-Za-z]{2,}/g) ?? []

describe('the mail about a scheduled execution', () => {
  it('is English unless its reader has chosen a language', () => {
    expect(letterOf({ content, event: 'waiting' }, 'https://x/7')).toEqual({
      subject: '[Fermata] N waits for a person',
      text: 'Schedule: N\nWorkflow: w\nTarget: T\nDue: 2026-11-21T00:00:00.000Z\nExecution: 7 (completed)\nReason: R\nhttps://x/7\n',
    })
  })

  it.each(languages.filter((language) => language !== 'en'))('has no word of English in %s', (language) => {
    for (const status of executionStatuses)
      for (const event of ['completed', 'failed', 'waiting'] as const) {
        const { subject, text } = letterOf({ content: { ...content, status, language }, event }, undefined)
        expect(latin(subject + text)).toEqual([])
      }
  })
})
