// Who may run when: concurrency of a workflow (rule 25) and locks on records (rule 33), with the real locks.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { WorkflowDocument } from '../../src/core/document.ts'
import { releaseLocks, takeChildLocks } from '../../src/objects/locks.ts'
import type { Services } from '../../src/runtime/services.ts'
import type { RunningEngine } from '../../src/runtime/start-engine.ts'
import { chain, emptyServices, headOf, publish, until } from '../helpers/engine.ts'
import { by, openStage, type Stage, set, untilHead } from './stage.ts'

let stage: Stage
let engine: RunningEngine
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
beforeEach(async () => {
  stage.probe.answer = stage.gates.wait
  engine = await stage.engine({ services: lockingServices() })
})
afterEach(() => stage.clear())

function lockingServices(): Services {
  return emptyServices({
    async takeLocks(execution, records, parent) {
      const answer = await takeChildLocks(
        stage.pool,
        { id: execution, ...(parent ? { parent } : {}) },
        records,
      )
      return { taken: answer.taken, held: (answer.held ?? []).map(({ id }) => id) }
    },
    async releaseLocks(execution) {
      await releaseLocks(stage.pool, execution)
    },
  })
}

const held = async () => {
  const rows = await stage.pool.query<{ what: string }>(
    `select execution_id || ' ' || record_id as what from fermata.locks order by what`,
  )
  return rows.map(({ what }) => what)
}
const statusOf = async (id: string) => (await headOf(stage.pool, id)).status
const probe = (id: string, more: object = {}) => ({ id, type: 'probe', ...more })

function locking(key: string, settings: WorkflowDocument['settings'], nodes = [probe('a')]) {
  return {
    ...chain(key, nodes),
    target: { collection: 'host' },
    settings: { onFailure: 'fail' as const, ...settings },
  }
}

const startOn = (workflow: string, host: string, more: object = {}) =>
  engine.start({ workflow, target: { collection: 'host', id: host }, by, ...more })

describe('concurrency', () => {
  it('over active: executions begin one after another, and one that waits lets the next begin', async () => {
    await publish(stage.pool, {
      ...chain('active', [probe('a'), { id: 'm', type: 'manual', config: { title: 'Do it' } }, probe('b')]),
      settings: { concurrency: { limit: 1, over: 'active' } },
    })
    const ids: string[] = []
    for (let n = 0; n < 3; n++) ids.push((await engine.start({ workflow: 'active', by })).id)
    for (const id of ids) {
      await stage.gates.untilWaiting(1)
      // The only one under way is the next in order.
      expect(stage.probe.calls.at(-1)?.execution).toBe(id)
      expect(stage.gates.waiting).toHaveLength(1)
      stage.gates.open()
      await untilHead(stage.pool, id, ({ waiting }) => waiting)
    }
    expect(await Promise.all(ids.map(statusOf))).toEqual(['running', 'running', 'running'])
  })

  it('over run: one that waits keeps its place; the limit is kept per key, in order of arrival', async () => {
    await publish(stage.pool, {
      ...chain('keyed', [probe('a')]),
      inputs: { type: 'object', properties: { key: { type: 'string' } } },
      settings: { concurrency: { limit: 2, key: '{{ inputs.key }}' } },
    })
    const start = (key: string) => engine.start({ workflow: 'keyed', inputs: { key }, by })
    const mine = []
    for (let n = 0; n < 5; n++) mine.push((await start('mine')).id)
    const other = (await start('other')).id
    await stage.gates.untilWaiting(3)
    const under = () => stage.probe.calls.map(({ execution }) => execution)
    expect(new Set(under())).toEqual(new Set([mine[0], mine[1], other]))
    stage.gates.open()
    await stage.gates.untilWaiting(2)
    expect(new Set(under().slice(3))).toEqual(new Set([mine[2], mine[3]]))
    stage.gates.open()
    await stage.gates.untilWaiting(1)
    stage.gates.open()
    expect(await engine.waitForEnd(mine[4] ?? '', 5000)).toBe('completed')
  })

  it('a queued execution can be terminated, and its deadline counts from its start', async () => {
    await publish(stage.pool, {
      ...chain('queue', [probe('a')]),
      settings: { concurrency: { limit: 1 }, timeout: '300ms' },
    })
    const first = await engine.start({ workflow: 'queue', by })
    const second = await engine.start({ workflow: 'queue', by })
    const third = await engine.start({ workflow: 'queue', by })
    await engine.act(second.id, { type: 'terminate', reason: 'not needed' }, by)
    expect(await engine.waitForEnd(first.id, 5000)).toBe('canceled')
    expect(await engine.waitForEnd(third.id, 5000)).toBe('canceled')
    const rows = await stage.pool.query(
      'select reason from fermata.executions where workflow = $1 order by id',
      ['queue'],
    )
    expect(rows).toEqual([{ reason: 'timeout' }, { reason: 'terminated' }, { reason: 'timeout' }])
    expect(await stage.pool.query('select from fermata.queue')).toEqual([])
  })
})

describe('locks', () => {
  it('target: another one waits until the record is free, in another workflow too', async () => {
    await publish(stage.pool, locking('locks-one', { lock: 'target' }))
    await publish(stage.pool, locking('locks-two', { lock: 'target' }))
    const first = await startOn('locks-one', 'h1')
    const second = await startOn('locks-two', 'h1')
    const elsewhere = await startOn('locks-two', 'h2')
    expect([first.status, second.status, elsewhere.status]).toEqual(['running', 'queued', 'running'])
    await stage.gates.untilWaiting(2)
    stage.gates.open()
    await stage.gates.untilWaiting(1)
    expect(stage.probe.calls.at(-1)?.execution).toBe(second.id)
    expect(await held()).toEqual([`${second.id} h1`])
    stage.gates.open()
    expect(await engine.waitForEnd(second.id, 5000)).toBe('completed')
    expect(await held()).toEqual([])
  })

  it('refuse: the start is refused, and leaves nothing', async () => {
    await publish(stage.pool, locking('refuses', { lock: 'target', onLocked: 'refuse' }))
    const first = await startOn('refuses', 'h1')
    await expect(startOn('refuses', 'h1')).rejects.toMatchObject({ code: 'target-locked' })
    expect(
      await stage.pool.query('select id from fermata.executions where workflow = $1', ['refuses']),
    ).toHaveLength(1)
    stage.gates.open()
    expect(await engine.waitForEnd(first.id, 5000)).toBe('completed')
    expect((await startOn('refuses', 'h1')).status).toBe('running')
  })

  it('bindings: the records of all nodes count, those found on the way too', async () => {
    const early = probe('early', { bind: { path: 'r1,r2' } })
    const late = probe('late', { bind: { path: 'r3', mode: 'run' } })
    await publish(stage.pool, locking('binds', { lock: 'bindings' }, [early, late]))
    await publish(stage.pool, locking('binds-late', { lock: 'bindings' }, [late]))
    const first = await startOn('binds', 'h1')
    await stage.gates.untilWaiting(2)
    expect(await held()).toEqual([`${first.id} h1`, `${first.id} r1`, `${first.id} r2`])
    stage.gates.open()
    await stage.gates.untilWaiting(1)
    expect(await held()).toContain(`${first.id} r3`)
    // What only the running node finds cannot wait any more: the node fails.
    const second = await startOn('binds-late', 'h2')
    expect(await engine.waitForEnd(second.id, 5000)).toBe('failed')
    expect((await headOf(stage.pool, second.id)).error).toMatchObject({ code: 'target-locked' })
    stage.gates.open()
    expect(await engine.waitForEnd(first.id, 5000)).toBe('completed')
    expect(await held()).toEqual([])
  })

  it('a child works on what its parent holds, even when it would be refused otherwise', async () => {
    const kid = locking('lock-kid', { lock: 'target', onLocked: 'refuse' })
    await publish(stage.pool, { ...kid, kind: 'sub' })
    const config = { workflow: 'lock-kid', target: { collection: 'host', id: 'h1' } }
    await publish(
      stage.pool,
      locking('lock-mother', { lock: 'target' }, [{ id: 'c', type: 'workflow', config } as never]),
    )
    const mother = await startOn('lock-mother', 'h1')
    await stage.gates.untilWaiting(1)
    stage.gates.open()
    expect(await engine.waitForEnd(mother.id, 5000)).toBe('completed')
    expect(await held()).toEqual([])
  })

  it('a start that comes to nothing lets go of what it took', async () => {
    await publish(stage.pool, locking('once', { lock: 'target' }))
    const first = await startOn('once', 'h1', { dedupKey: 'k' })
    stage.gates.open()
    const again = await Promise.all([1, 2, 3].map((n) => startOn('once', `other-${n}`, { dedupKey: 'k2' })))
    expect(new Set(again.map(({ id }) => id)).size).toBe(1)
    await until(held, (locks) => locks.filter((lock) => !lock.startsWith(`${first.id} `)).length <= 1)
    // A version published by another process: the first attempt with the old one is given up.
    const other = await stage.engine({ services: lockingServices() })
    await publish(stage.pool, locking('once', { lock: 'target' }, [set('x') as never]))
    const fresh = await other.start({ workflow: 'once', target: { collection: 'host', id: 'h9' }, by })
    const stale = await startOn('once', 'h9')
    expect(await engine.waitForEnd(fresh.id, 5000)).toBe('completed')
    expect(await engine.waitForEnd(stale.id, 5000)).toBe('completed')
  })

  it('locks without a live execution are let go in time', async () => {
    await stage.pool.run(
      `insert into fermata.locks (collection, record_id, execution_id, taken_at) values
       ('host', 'orphan', 424242, now() - interval '1 hour'), ('host', 'young', 424243, now())`,
    )
    await stage.engine({ services: lockingServices(), beatMs: 20 })
    await until(held, (locks) => !locks.includes('424242 orphan'))
    expect(await held()).toContain('424243 young')
    await stage.pool.run('delete from fermata.locks')
  })

  it('an execution reopened by a retry holds its records again, or is told who does', async () => {
    stage.probe.answer = (ctx) =>
      ctx.run.attempt === 1
        ? { type: 'fail', kind: 'failed', code: 'x', message: 'No.' }
        : stage.gates.wait(ctx)
    await publish(stage.pool, locking('reopens', { lock: 'target' }))
    await publish(
      stage.pool,
      locking('holds', { lock: 'target' }, [probe('m', { type: 'manual', config: { title: 'T' } })]),
    )
    const { id } = await startOn('reopens', 'h1')
    expect(await engine.waitForEnd(id, 5000)).toBe('failed')
    const holder = await startOn('holds', 'h1')
    await expect(engine.act(id, { type: 'retry' }, by)).rejects.toMatchObject({ code: 'target-locked' })
    expect(await statusOf(id)).toBe('failed')
    await engine.act(holder.id, { type: 'terminate' }, by)
    await engine.act(id, { type: 'retry', reason: 'again' }, by)
    expect(await held()).toEqual([`${id} h1`])
    await stage.gates.untilWaiting(1)
    stage.gates.open()
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(await held()).toEqual([])
  })
})
