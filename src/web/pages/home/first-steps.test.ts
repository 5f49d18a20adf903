import { describe, expect, it } from 'vitest'
import { stepsOf } from './first-steps.ts'

const none = { cleaned: false, retried: false }

describe('the first steps', () => {
  it('lead to where they are done', () => {
    const steps = stepsOf({ ...none, openTask: { id: '7' }, held: { id: '12' } })
    expect(steps.map(({ name, done, to }) => [name, done, to])).toEqual([
      ['approve', false, '/tasks?task=7'],
      ['watch', false, undefined],
      ['run', false, '/run/disk-clean-up?target=host%3Apay-03'],
      ['retry', false, '/executions/12'],
    ])
  })

  it('are ticked by what happened', () => {
    const answered = { execution: '9', completed: false }
    expect(stepsOf({ ...none, answered }).map(({ done }) => done)).toEqual([true, false, false, false])
    const all = { answered: { ...answered, completed: true }, cleaned: true, retried: true }
    expect(stepsOf(all).every(({ done }) => done)).toBe(true)
  })
})
