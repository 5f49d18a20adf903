import { describe, expect, it } from 'vitest'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { troublesOf } from './troubles.ts'

const run = (id: string, second: number, acts: NodeRun['acts'] = []) => ({
  id,
  status: 'failed' as const,
  acts,
  endedAt: `2026-01-01T00:00:0${second}.000Z`,
})
const idsOf = (head: Parameters<typeof troublesOf>[0], runs: ReturnType<typeof run>[]) =>
  troublesOf(head, runs).map(({ id }) => id)

describe('troublesOf', () => {
  it('names the failed records, the last one first, and not the node they took down', () => {
    const runs = [run('a', 9, ['retry']), run('a[h1]', 1, ['retry']), run('a[h2]', 2, ['retry'])]
    expect(idsOf({ status: 'running', attention: true }, runs)).toEqual(['a[h2]', 'a[h1]'])
  })

  it('names what failed in a group or an iteration, not the containers around it', () => {
    const runs = [run('each', 9), run('each[0]/tidy', 8), run('each[0]/tidy/sweep', 7), run('each[1]/b', 6)]
    expect(idsOf({ status: 'failed', attention: false }, runs)).toEqual(['each[0]/tidy/sweep', 'each[1]/b'])
  })

  it('leaves out what was dealt with while something else is held', () => {
    const runs = [run('handled', 9), run('held', 1, ['retry', 'skip'])]
    expect(idsOf({ status: 'running', attention: true }, runs)).toEqual(['held'])
  })

  it('is silent when all is well, or when all failures were dealt with', () => {
    expect(idsOf({ status: 'completed', attention: false }, [run('handled', 1)])).toEqual([])
    expect(idsOf({ status: 'running', attention: false }, [run('handled', 1)])).toEqual([])
  })

  it('tells those who may only look what failed', () => {
    expect(idsOf({ status: 'running', attention: true }, [run('a', 1)])).toEqual(['a'])
  })
})
