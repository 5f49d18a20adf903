// One workflow with everything that can be under way: branches, a loop, a timer, a person, a child, records, a retry.
// Its process is killed at every commit; another goes on.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { WorkflowDocument } from '../../src/core/document.ts'
import { chain, publish, runsOf } from '../helpers/engine.ts'
import { openTheatre, type Theatre } from './crash-case.ts'
import { countKeys, readLedger } from './ledger.ts'
import { executionsOf, findBreaches } from './oracle.ts'

let theatre: Theatre

const effect = (id: string, place: Partial<WorkflowDocument['nodes'][number]> = {}) => ({
  id,
  type: 'safe-effect',
  config: {},
  ...place,
})

const everything: Partial<WorkflowDocument> & { key: string } = {
  key: 'everything',
  settings: { timeout: '10m' },
  nodes: [
    { id: 'par', type: 'parallel', config: { branches: [{ name: 'left' }, { name: 'right' }] } },
    effect('l', { parent: 'par', branch: 'left' }),
    effect('r', { parent: 'par', branch: 'right' }),
    { id: 'each', type: 'loop', config: { over: ['a', 'b', 'c'], concurrency: 2 } },
    effect('body', { parent: 'each', config: { item: '{{ item }}' } }),
    { id: 'wait', type: 'delay', config: { for: '20ms' } },
    {
      id: 'ask',
      type: 'manual',
      config: { title: 'Fill in', form: { type: 'object' } },
      policy: { timeout: '5m' },
    },
    {
      id: 'child',
      type: 'workflow',
      config: { workflow: 'child', inputs: { name: '{{ nodes.ask.output.name }}' } },
    },
    effect('hosts', { bind: { path: 'h1,h2' } }),
    { id: 'end', type: 'output', config: { value: '{{ nodes.child.output }}' } },
  ],
  edges: [
    { from: 'par', to: 'each' },
    { from: 'each', to: 'wait' },
    { from: 'wait', to: 'ask' },
    { from: 'ask', to: 'child' },
    { from: 'child', to: 'hosts' },
    { from: 'hosts', to: 'end' },
  ],
}

beforeAll(async () => {
  theatre = await openTheatre()
  const { pool } = theatre.database
  await publish(pool, {
    ...chain('child', [
      effect('c'),
      { id: 'nap', type: 'delay', config: { for: '10ms' } },
      { id: 'o', type: 'output', config: { value: 'Hello {{ inputs.name }}' } },
    ]),
    kind: 'sub',
  })
  await publish(pool, everything)
})
afterAll(() => theatre.close())
afterEach(() => theatre.clear())

const settled = [
  'ask',
  'child',
  'each',
  'each[0]/body',
  'each[1]/body',
  'each[2]/body',
  'end',
  'hosts',
  'hosts[h1]',
  'hosts[h2]',
  'par',
  'par[left]/l',
  'par[right]/r',
  'wait',
]

describe('everything at once, killed at every commit', { timeout: 120_000 }, () => {
  it.each(['before', 'after'] as const)(
    'every execution ends as if nothing had happened: %s it',
    async (side) => {
      const { pool } = theatre.database
      let kills = 0
      for (let commit = 1; ; commit++) {
        const { id, wasKilled } = await theatre.crash('everything', { commit, side })
        await theatre.clear()
        const where = `${side} commit ${commit}`
        const runs = await runsOf(pool, id)
        expect(runs.map(({ run }) => run).sort(), where).toEqual(settled)
        expect(
          runs.every(({ status, attempt }) => status === 'completed' && attempt === 1),
          where,
        ).toBe(true)
        expect(runs.find(({ run }) => run === 'end')?.output, where).toBe('Hello Li')
        const keys = countKeys(readLedger(theatre.ledger, id))
        expect(keys.size, where).toBe(7)
        expect(Math.max(...keys.values()), where).toBeLessThanOrEqual(2)
        if (!wasKilled) break
        kills++
      }
      // Branches and items may share a commit.
      expect(kills).toBeGreaterThanOrEqual(12)
      const all = [...(await executionsOf(pool, 'everything')), ...(await executionsOf(pool, 'child'))]
      expect(all.every(({ status }) => status === 'completed')).toBe(true)
      // One child for each parent, however often its start was repeated.
      expect((await executionsOf(pool, 'child')).length).toBe((await executionsOf(pool, 'everything')).length)
      expect(await findBreaches(pool)).toEqual([])
    },
  )
})
