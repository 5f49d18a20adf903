// Effects that run only where they can: tags of nodes, and of the processes that claim them.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { listNodeRuns } from '../../src/store/node-runs-read.ts'
import { listTagQueues, taggedWaits } from '../../src/store/queue-tags.ts'
import { chain, createProbe, publish, runsOf, until } from '../helpers/engine.ts'
import { by, openStage, type Stage, set, statusesOf } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(() => stage.clear())

const probe = (id: string, runOn?: string) => ({ id, type: 'probe', ...(runOn ? { policy: { runOn } } : {}) })

/** An engine that runs effects of these tags and writes its name into their output. */
async function engineOf(name: string, options: object) {
  const own = createProbe('probe')
  own.answer = () => ({ type: 'done', output: name })
  return stage.engine({ probes: [own], ...options })
}

const untilWaiting = (id: string, count = 1) =>
  until(
    () => taggedWaits(stage.pool, id),
    (rows) => rows.length === count,
  )

describe('effects that ask for a tag', () => {
  it('run where it is, the others anywhere; inline nodes go on in whichever process', async () => {
    const here = await engineOf('here', {})
    await publish(
      stage.pool,
      chain('zones', [probe('a', 'zone-a'), set('x'), probe('b', 'zone-b'), set('y'), probe('c', 'zone-a')]),
    )
    const { id } = await here.start({ workflow: 'zones', by })
    await untilWaiting(id)
    await engineOf('a', { tags: ['zone-a'], roles: ['worker'], untagged: false })
    await engineOf('b', { tags: ['zone-b', 'zone-c'], roles: ['worker'], untagged: false })
    expect(await here.waitForEnd(id, 10_000)).toBe('completed')
    const runs = await runsOf(stage.pool, id)
    expect(Object.fromEntries(runs.map(({ run, output }) => [run, output]))).toMatchObject({
      a: 'a',
      b: 'b',
      c: 'a',
    })
    expect(await taggedWaits(stage.pool, id)).toEqual([])
  })

  it('wait, seen as queued, with the reason that nobody serves them, and are counted', async () => {
    const here = await engineOf('here', { tags: ['zone-b'] })
    await publish(stage.pool, chain('lonely', [probe('a', 'zone-a'), set('x')]))
    const { id } = await here.start({ workflow: 'lonely', by })
    expect(await untilWaiting(id)).toEqual([{ run: 'a', attempt: 1, tag: 'zone-a', served: false }])
    const { items } = await listNodeRuns(stage.pool, { execution: id, limit: 10 })
    expect(items).toMatchObject([{ run: 'a', status: 'queued', startedAt: null, worker: null }])
    expect(await listTagQueues(stage.pool)).toMatchObject([{ tag: 'zone-a', waiting: 1, workers: 0 }])
    // What is no worker serves nobody.
    await engineOf('api', { tags: ['zone-a'], roles: ['api', 'scheduler'] })
    expect(await taggedWaits(stage.pool, id)).toMatchObject([{ served: false }])
    await here.act(id, { type: 'terminate' }, by)
    expect(await statusesOf(stage.pool, id)).toEqual({ a: 'canceled' })
    expect(await listTagQueues(stage.pool)).toEqual([])
  })

  it('are taken at once by the process that dispatches them, if it has the tag', async () => {
    const here = await engineOf('here', { tags: ['zone-a'] })
    await publish(stage.pool, chain('local', [probe('a', 'zone-a')]))
    const { id } = await here.start({ workflow: 'local', by })
    expect(await here.waitForEnd(id, 5000)).toBe('completed')
    // No row was written before it ran: it never lay in the queue unclaimed.
    expect(await runsOf(stage.pool, id)).toMatchObject([{ run: 'a', output: 'here' }])
  })

  it('keep it over retries; a process without tags goes on with everything else meanwhile', async () => {
    const here = await engineOf('here', {})
    const there = createProbe('probe')
    there.answer = ({ run }) =>
      run.attempt === 1
        ? { type: 'fail', kind: 'error', code: 'x', message: 'No.' }
        : { type: 'done', output: 'there' }
    const node = { ...probe('a'), policy: { runOn: 'zone-a', retry: { attempts: 1, delay: '10ms' } } }
    await publish(stage.pool, chain('again', [node]))
    await publish(stage.pool, chain('other', [probe('o')]))
    const { id } = await here.start({ workflow: 'again', by })
    await untilWaiting(id)
    const other = await here.start({ workflow: 'other', by })
    expect(await here.waitForEnd(other.id, 5000)).toBe('completed')
    await stage.engine({ probes: [there], tags: ['zone-a'], roles: ['worker'] })
    expect(await here.waitForEnd(id, 10_000)).toBe('completed')
    expect(there.calls.map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  it('take the tag of the container or the workflow; `anywhere` takes it back', async () => {
    const here = await engineOf('here', {})
    await engineOf('a', { tags: ['zone-a'], roles: ['worker'], untagged: false })
    await engineOf('b', { tags: ['zone-b'], roles: ['worker'], untagged: false })
    await publish(stage.pool, {
      key: 'inherits',
      settings: { runOn: 'zone-a' },
      nodes: [
        probe('root'),
        { id: 'g', type: 'group', policy: { runOn: 'zone-b' } },
        { ...probe('inner'), parent: 'g' },
        { ...probe('free', 'anywhere'), parent: 'g' },
      ],
      edges: [{ from: 'root', to: 'g' }],
    })
    const { id } = await here.start({ workflow: 'inherits', by })
    expect(await here.waitForEnd(id, 10_000)).toBe('completed')
    const outputs = Object.fromEntries((await runsOf(stage.pool, id)).map(({ run, output }) => [run, output]))
    expect(outputs).toMatchObject({ root: 'a', 'g/inner': 'b', 'g/free': 'here' })
  })

  it('wait out a pause and go on where they may', async () => {
    const here = await engineOf('here', {})
    await publish(stage.pool, chain('pauses', [probe('a', 'zone-a')]))
    const { id } = await here.start({ workflow: 'pauses', by })
    await untilWaiting(id)
    await here.act(id, { type: 'pause' }, by)
    await engineOf('a', { tags: ['zone-a'], roles: ['worker'] })
    await here.act(id, { type: 'resume' }, by)
    expect(await here.waitForEnd(id, 10_000)).toBe('completed')
  })
})
