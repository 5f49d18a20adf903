// Ten nodes, ten effects: the process is killed at every commit, on both sides of it; another goes on.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chain, publish, runsOf } from '../helpers/engine.ts'
import { openTheatre, type Theatre } from './crash-case.ts'
import { countKeys, readLedger } from './ledger.ts'
import { executionsOf, findBreaches } from './oracle.ts'

let theatre: Theatre
const by = { name: 'test' }

beforeAll(async () => {
  theatre = await openTheatre()
  const { pool } = theatre.database
  const ten = (type: string) => Array.from({ length: 10 }, (_, n) => ({ id: `n${n}`, type, config: {} }))
  await publish(pool, chain('safe', ten('safe-effect')))
  await publish(pool, { ...chain('unsafe', ten('effect')), settings: { onFailure: 'hold' } })
  await publish(pool, { ...chain('failing', ten('effect')), settings: { onFailure: 'fail' } })
})
afterAll(() => theatre.close())
afterEach(() => theatre.clear())

const sides = ['before', 'after'] as const
const timesDone = (id: string) => [...countKeys(readLedger(theatre.ledger, id)).values()]

describe('ten effects, killed at every commit', { timeout: 120_000 }, () => {
  it.each(sides)('nothing is lost, and only the effect cut short is repeated: %s it', async (side) => {
    const { pool } = theatre.database
    let repeated = 0
    let kills = 0
    for (let commit = 1; ; commit++) {
      const { id, wasKilled } = await theatre.crash('safe', { commit, side })
      await theatre.clear()
      expect((await runsOf(pool, id)).map(({ run, attempt, status }) => [run, attempt, status])).toEqual(
        Array.from({ length: 10 }, (_, n) => [`n${n}`, 1, 'completed']),
      )
      const keys = countKeys(readLedger(theatre.ledger, id))
      expect([...keys.keys()].sort()).toEqual(Array.from({ length: 10 }, (_, n) => `${id}:n${n}:1`))
      const twice = timesDone(id).filter((count) => count > 1)
      expect(twice, `commit ${commit}`).toEqual(twice.slice(0, 1).map(() => 2))
      repeated += twice.length
      if (!wasKilled) break
      kills++
    }
    expect(kills).toBeGreaterThanOrEqual(11)
    expect(repeated).toBeGreaterThanOrEqual(side === 'before' ? 10 : 0)
    expect((await executionsOf(pool, 'safe')).every(({ status }) => status === 'completed')).toBe(true)
    expect(await findBreaches(pool)).toEqual([])
  })

  it.each([3, 7])(
    'an effect that is not idempotent is never repeated silently: commit %i',
    async (commit) => {
      const { pool } = theatre.database
      for (const side of sides) {
        const { id, engine } = await theatre.crash('unsafe', { commit, side })
        const held = await pool.query<{ run: string; code: string }>(
          `select run, error ->> 'code' as code from fermata.node_runs where execution_id = $1 and status = 'error'`,
          [id],
        )
        expect(held.map(({ code }) => code)).toEqual(['interrupted'])
        expect(timesDone(id).every((count) => count === 1)).toBe(true)
        await engine.act(id, { type: 'retry-run', run: held[0]?.run ?? '', reason: 'checked' }, by)
        expect(await engine.waitForEnd(id, 5000)).toBe('completed')
        await theatre.clear()
      }
      expect(await findBreaches(pool)).toEqual([])
    },
  )

  it('by policy the interruption fails the execution', async () => {
    const { pool } = theatre.database
    const { id } = await theatre.crash('failing', { commit: 5, side: 'after' })
    const rows = await executionsOf(pool, 'failing')
    expect(rows.find((row) => row.id === id)).toMatchObject({
      status: 'error',
      error: { code: 'interrupted' },
    })
    expect(timesDone(id).every((count) => count === 1)).toBe(true)
    expect(await findBreaches(pool)).toEqual([])
  })
})
