// What a process without a role leaves to others: effects without `worker`, timers without `scheduler`.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chain, publish, until } from '../helpers/engine.ts'
import { by, openStage, type Stage, set } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(() => stage.clear())

const due = (execution: string) =>
  stage.pool.query<{ kind: string; claimed: boolean }>(
    `select kind, claimed_by is not null as claimed from fermata.queue where execution_id = $1 and due_at <= now()`,
    [execution],
  )

describe('a process without roles', () => {
  it('takes no timer and no effect, however often it looks; one with the role does', async () => {
    const idle = await stage.engine({ roles: [] })
    await publish(stage.pool, chain('naps', [{ id: 'd', type: 'delay', config: { for: '20ms' } }, set('x')]))
    await publish(stage.pool, chain('acts', [{ id: 'p', type: 'probe' }]))
    const nap = await idle.start({ workflow: 'naps', by })
    const act = await idle.start({ workflow: 'acts', by })
    for (const { id } of [nap, act]) {
      await until(
        () => due(id),
        (rows) => rows.length === 1,
      )
    }
    // Each of these starts makes it look again, with both rows due.
    for (let n = 0; n < 5; n++) await idle.start({ workflow: 'acts', by })
    expect([...(await due(nap.id)), ...(await due(act.id))]).toEqual([
      { kind: 'wake', claimed: false },
      { kind: 'run', claimed: false },
    ])
    expect(stage.probe.calls).toEqual([])
    await stage.engine({ roles: ['worker', 'scheduler'] })
    for (const { id } of [nap, act]) expect(await idle.waitForEnd(id, 10_000)).toBe('completed')
  })
})
