// A node whose policy asks for risks: nothing of its effect begins before a person has taken the risk.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import type { NodeType, Risk } from '../../src/sdk/node-type.ts'
import { chain, createProbe, headOf, type Probe, publish, runsOf } from '../helpers/engine.ts'
import { by, openStage, type Stage, statusesOf, untilHead } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(() => stage.clear())

const text = (en: string) => ({ en, zh: en, ru: en })
const risk: Risk = { rule: 'boom', message: text('goes off'), found: 'boom', line: 1 }

/** Finds a risk in every config that says `boom`. */
function checked(extra: Partial<NodeType> = {}): Probe {
  const risks = (config: unknown) => ((config as { does?: string }).does === 'boom' ? [risk] : [])
  return createProbe('checked', { risks, ...extra })
}

const node = (id: string, policy: object = {}, config: JsonObject = { does: '{{ inputs.does }}' }) => ({
  id,
  type: 'checked',
  policy: { risk: 'ask' as const, ...policy },
  config,
})
const settings = { onFailure: 'hold' as const }

async function startRisky(probe: Probe, nodes = [node('a')]) {
  const engine = await stage.engine({ probes: [probe] })
  await publish(stage.pool, { ...chain('risks', nodes), settings })
  const { id } = await engine.start({ workflow: 'risks', inputs: { does: 'boom' }, by })
  await untilHead(stage.pool, id, ({ attention }) => attention)
  return { engine, id }
}

const storedRuns = (id: string) =>
  stage.pool.query<{ attempt: number; status: string; wait: unknown; manual: unknown; ended: boolean }>(
    `select attempt, status, wait, manual, input, ended_at is not null as ended from fermata.node_runs
     where execution_id = $1 order by run, attempt`,
    [id],
  )
const queued = (id: string) =>
  stage.pool.query('select run, attempt from fermata.queue where execution_id = $1', [id])

describe('a risk', () => {
  it('stops the effect before it begins; confirmed, it runs once, and who confirmed it is kept', async () => {
    const probe = checked()
    const { engine, id } = await startRisky(probe)
    expect(probe.calls).toEqual([])
    expect(await storedRuns(id)).toMatchObject([
      { attempt: 1, status: 'risky', wait: { risks: [risk] }, input: { does: 'boom' }, ended: false },
    ])
    expect(await queued(id)).toEqual([])
    await engine.act(id, { type: 'confirm', run: 'a', attempt: 1, reason: 'It is a test host' }, by)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls.map(({ attempt }) => attempt)).toEqual([2])
    const manual = { act: 'confirmed', by: 'admin', reason: 'It is a test host' }
    expect(await storedRuns(id)).toMatchObject([
      { attempt: 1, status: 'risky', wait: { risks: [risk] }, manual, ended: true },
      { attempt: 2, status: 'completed', wait: null, manual, ended: true },
    ])
  })

  it('is confirmed once, for what was looked at', async () => {
    const probe = checked()
    const { engine, id } = await startRisky(probe)
    const confirm = () => engine.act(id, { type: 'confirm', run: 'a', attempt: 1 }, by)
    const clicks = await Promise.allSettled([confirm(), confirm(), confirm()])
    expect(clicks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls).toHaveLength(1)
  })

  it('is skipped: the effect never runs, and the execution goes on', async () => {
    const probe = checked()
    const { engine, id } = await startRisky(probe, [node('a'), node('b', {}, { does: 'good' })])
    await expect(engine.act(id, { type: 'retry-run', run: 'a' }, by)).rejects.toMatchObject({
      code: 'illegal-act',
    })
    await expect(engine.act(id, { type: 'complete', run: 'a' }, by)).rejects.toMatchObject({
      code: 'illegal-act',
    })
    await engine.act(id, { type: 'skip', run: 'a', reason: 'Not today' }, by)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls.map(({ run }) => run)).toEqual(['b'])
    expect(await statusesOf(stage.pool, id)).toEqual({ a: 'skipped', b: 'completed' })
  })

  it('ends with the execution', async () => {
    const probe = checked()
    const { engine, id } = await startRisky(probe)
    await engine.act(id, { type: 'terminate' }, by)
    expect(await storedRuns(id)).toMatchObject([{ status: 'canceled', wait: { risks: [risk] } }])
    expect(probe.calls).toEqual([])
  })

  it('is asked about again when a person retries; its policy retries without asking', async () => {
    const probe = checked()
    probe.answer = () => ({ type: 'fail', kind: 'error', code: 'x', message: 'No.' })
    const { engine, id } = await startRisky(probe, [node('a', { retry: { attempts: 1, delay: '1ms' } })])
    await engine.act(id, { type: 'confirm', run: 'a' }, by)
    await untilHead(stage.pool, id, ({ attention }) => attention)
    expect(probe.calls.map(({ attempt }) => attempt)).toEqual([2, 3])
    await engine.act(id, { type: 'retry-run', run: 'a' }, by)
    await untilHead(stage.pool, id, ({ attention }) => attention)
    const statuses = (await runsOf(stage.pool, id)).map(({ status }) => status)
    expect(statuses).toEqual(['risky', 'error', 'error', 'risky'])
    expect(probe.calls).toHaveLength(2)
  })

  it('taken during a pause is run at the resume, in another process too', async () => {
    const probe = checked()
    const { engine, id } = await startRisky(probe)
    await engine.act(id, { type: 'pause' }, by)
    await engine.act(id, { type: 'confirm', run: 'a', reason: 'Fine' }, by)
    await engine.stop()
    const other = await stage.engine({ probes: [probe] })
    await other.act(id, { type: 'resume' }, { name: 'kim' })
    expect(await other.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls.map(({ attempt }) => attempt)).toEqual([2])
    expect((await storedRuns(id)).at(-1)).toMatchObject({ manual: { by: 'admin', reason: 'Fine' } })
  })

  it('is found where the effect is claimed from the queue, and the confirmation goes there', async () => {
    const probe = checked()
    const engine = await stage.engine({ probes: [probe] })
    await publish(stage.pool, { ...chain('risks', [node('a', { runOn: 'zone-a' })]), settings })
    const { id } = await engine.start({ workflow: 'risks', inputs: { does: 'boom' }, by })
    await stage.engine({ probes: [probe], tags: ['zone-a'], roles: ['worker'], untagged: false })
    await untilHead(stage.pool, id, ({ attention }) => attention)
    expect(probe.calls).toEqual([])
    await engine.act(id, { type: 'confirm', run: 'a' }, by)
    expect(await engine.waitForEnd(id, 10_000)).toBe('completed')
    expect(probe.calls.map(({ attempt }) => attempt)).toEqual([2])
  })

  it('stops one record of several; the others run', async () => {
    const probe = checked()
    const engine = await stage.engine({ probes: [probe] })
    const bound = {
      ...node('a', {}, { does: "{{ record.id == 'h2' ? 'boom' : 'good' }}" }),
      bind: { path: 'h1,h2,h3' },
    }
    await publish(stage.pool, { ...chain('risks', [bound]), settings })
    const { id } = await engine.start({ workflow: 'risks', by })
    await untilHead(stage.pool, id, ({ attention }) => attention)
    await untilHead(stage.pool, id, ({ waiting }) => waiting)
    expect(probe.calls.map(({ run }) => run).sort()).toEqual(['a[h1]', 'a[h3]'])
    await engine.act(id, { type: 'confirm', run: 'a[h2]' }, by)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls).toHaveLength(3)
  })
})

describe('no risk', () => {
  it('is asked about where nothing was found, or where the policy does not ask', async () => {
    const probe = checked()
    const engine = await stage.engine({ probes: [probe] })
    const careless = { id: 'b', type: 'checked', config: { does: 'boom' } }
    await publish(stage.pool, chain('fine', [node('a', {}, { does: 'good' }), careless]))
    const { id } = await engine.start({ workflow: 'fine', by })
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls).toHaveLength(2)
  })
})

describe('a check that cannot be made', () => {
  it.each<[string, Partial<NodeType>]>([
    [
      'throws',
      {
        risks() {
          throw new Error('The rules are broken.')
        },
      },
    ],
    ['answers nonsense', { risks: (() => Promise.resolve([])) as never }],
    ['is not there', { risks: undefined as never }],
  ])('%s: the run fails and says so, and nothing has begun', async (_, extra) => {
    const probe = checked(extra)
    const { id } = await startRisky(probe)
    expect(probe.calls).toEqual([])
    const [run] = await stage.pool.query<{ status: string; error: { code: string; message: string } }>(
      'select status, error from fermata.node_runs where execution_id = $1',
      [id],
    )
    expect(run).toMatchObject({ status: 'error', error: { code: 'risk-unknown' } })
    expect(run?.error.message).toContain('nothing was run')
    expect(await headOf(stage.pool, id)).toMatchObject({ status: 'running', attention: true })
  })
})
