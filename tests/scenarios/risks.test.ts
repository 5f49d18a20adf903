// A node whose policy asks for risks: nothing of its effect begins before a person has taken the risk.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import type { NodeType, Risk } from '../../src/sdk/node-type.ts'
import {
  chain,
  createProbe,
  emptyServices,
  headOf,
  type Probe,
  publish,
  runsOf,
  until,
} from '../helpers/engine.ts'
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
  stage.pool.query<{
    run: string
    attempt: number
    status: string
    wait: unknown
    manual: unknown
    ended: boolean
  }>(
    `select run, attempt, status, wait, manual, input, ended_at is not null as ended from fermata.all_node_runs
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
    await engine.act(id, { type: 'confirm', run: 'a', attempt: 1 }, by)
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
    await engine.act(id, { type: 'confirm', run: 'a', attempt: 1, reason: 'Fine' }, by)
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
    await engine.act(id, { type: 'confirm', run: 'a', attempt: 1 }, by)
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
    await engine.act(id, { type: 'confirm', run: 'a[h2]', attempt: 1 }, by)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls).toHaveLength(3)
  })
})

describe('what was confirmed is what runs', () => {
  const record = { command: 'boom' }
  const services = () =>
    emptyServices({ record: async (_by, key) => ({ ...key, label: key.id, does: record.command }) })
  const bound = (does: string) => ({ ...node('a', {}, { does }), bind: { path: 'h1' } })

  async function startBound(does = '{{ record.does }}', policy: object = {}) {
    record.command = 'boom'
    const probe = checked({ risks: (config) => risksIn(config) })
    const engine = await stage.engine({ probes: [probe], services: services() })
    const nodes = [{ ...bound(does), policy: { risk: 'ask' as const, ...policy } }]
    await publish(stage.pool, { ...chain('risks', nodes), settings })
    const { id } = await engine.start({ workflow: 'risks', by })
    await untilHead(stage.pool, id, ({ attention }) => attention)
    const confirm = (attempt: number) => engine.act(id, { type: 'confirm', run: 'a[h1]', attempt }, by)
    const runs = () => storedRuns(id).then((rows) => rows.filter((row) => row.run === 'a[h1]'))
    return { probe, engine, id, confirm, runs }
  }

  /** Everything with `boom` in it; `found` is all of it. */
  function risksIn(config: unknown): Risk[] {
    const { does } = config as { does: string }
    return does.includes('boom') ? [{ ...risk, found: does }] : []
  }

  it('asks again, with the new command, when the record was changed in between', async () => {
    const { probe, engine, id, confirm, runs } = await startBound()
    record.command = 'boom twice'
    await confirm(1)
    await until(runs, (rows) => rows.at(-1)?.attempt === 2 && rows.at(-1)?.status === 'risky')
    expect(probe.calls).toEqual([])
    expect(await runs()).toMatchObject([
      {
        attempt: 1,
        status: 'risky',
        wait: { risks: [{ found: 'boom' }] },
        input: { does: 'boom' },
        ended: true,
      },
      {
        attempt: 2,
        status: 'risky',
        wait: { risks: [{ found: 'boom twice' }], changed: true },
        input: { does: 'boom twice' },
        ended: false,
      },
    ])
    await expect(confirm(1)).rejects.toMatchObject({ code: 'illegal-act' })
    await confirm(2)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls).toMatchObject([{ attempt: 3, config: { does: 'boom twice' } }])
  })

  it('runs it once when nothing was changed', async () => {
    const { probe, engine, id, confirm } = await startBound()
    await confirm(1)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls).toMatchObject([{ attempt: 2, config: { does: 'boom' } }])
  })

  it('runs what has become harmless', async () => {
    const { probe, engine, id, confirm } = await startBound()
    record.command = 'good'
    await confirm(1)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls).toMatchObject([{ attempt: 2, config: { does: 'good' } }])
  })

  it('asks again before a retry of its policy would run something else', async () => {
    const { probe, engine, id, confirm, runs } = await startBound('{{ record.does }}', {
      retry: { attempts: 2, delay: '1ms' },
    })
    probe.answer = () => {
      if (probe.calls.length > 1) return { type: 'done' }
      record.command = 'boom twice'
      return { type: 'fail', kind: 'error', code: 'x', message: 'No.' }
    }
    await confirm(1)
    await until(runs, (rows) => rows.at(-1)?.attempt === 3 && rows.at(-1)?.status === 'risky')
    expect(probe.calls).toHaveLength(1)
    await confirm(3)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls.map(({ config }) => config.does)).toEqual(['boom', 'boom twice'])
  })

  it('is the very text that was shown, also where it tells the time', async () => {
    const { probe, engine, id, confirm, runs } = await startBound('boom > {{ now }} {{ record.does }}')
    const shown = (await runs())[0] as unknown as { input: { does: string } }
    await confirm(1)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls.map(({ config }) => config.does)).toEqual([shown.input.does])
  })

  it('is sent where it was to be sent: an address that the node takes from its record counts too', async () => {
    const address = { of: '10.0.0.1' }
    const probe = checked({
      plan: ({ config, record }) => [`on ${record?.address}: ${(config as JsonObject).does}`],
    })
    const services = emptyServices({
      record: async (_by, key) => ({ ...key, label: key.id, address: address.of }),
    })
    const engine = await stage.engine({ probes: [probe], services })
    await publish(stage.pool, { ...chain('risks', [bound('boom')]), settings })
    const { id } = await engine.start({ workflow: 'risks', by })
    await untilHead(stage.pool, id, ({ attention }) => attention)
    address.of = '10.0.0.2'
    await engine.act(id, { type: 'confirm', run: 'a[h1]', attempt: 1 }, by)
    await until(
      () => runsOf(stage.pool, id),
      (runs) => runs.at(-1)?.attempt === 2 && runs.at(-1)?.status === 'risky',
    )
    expect(probe.calls).toEqual([])
    await engine.act(id, { type: 'confirm', run: 'a[h1]', attempt: 2 }, by)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls).toHaveLength(1)
  })

  it('is the edited config of a retry, in another process too', async () => {
    const probe = checked()
    probe.answer = (ctx) =>
      ctx.config.does === 'boom'
        ? { type: 'done' }
        : { type: 'fail', kind: 'failed', code: 'x', message: 'No.' }
    const engine = await stage.engine({ probes: [probe] })
    await publish(stage.pool, { ...chain('risks', [node('a', {}, { does: 'good' })]), settings })
    const { id } = await engine.start({ workflow: 'risks', by })
    await untilHead(stage.pool, id, ({ attention }) => attention)
    await engine.act(id, { type: 'retry-run', run: 'a', config: { does: 'boom' } }, by)
    await until(
      () => runsOf(stage.pool, id),
      (runs) => runs.at(-1)?.status === 'risky',
    )
    await engine.act(id, { type: 'pause' }, by)
    await engine.act(id, { type: 'confirm', run: 'a', attempt: 2 }, by)
    await engine.stop()
    const other = await stage.engine({ probes: [probe] })
    await other.act(id, { type: 'resume' }, by)
    expect(await other.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls.map(({ config }) => config.does)).toEqual(['good', 'boom'])
  })
})

describe('a rule of the installation', () => {
  it('finds what the node type does not know, in any text of the config', async () => {
    const probe = checked()
    const riskRules = [{ pattern: 'kubectl +delete', words: 'deletes from the cluster' }]
    const engine = await stage.engine({ probes: [probe], riskRules })
    await publish(stage.pool, { ...chain('risks', [node('a')]), settings })
    const { id } = await engine.start({
      workflow: 'risks',
      inputs: { does: 'date; kubectl  delete pod' },
      by,
    })
    await untilHead(stage.pool, id, ({ attention }) => attention)
    expect(probe.calls).toEqual([])
    expect(await storedRuns(id)).toMatchObject([
      {
        wait: {
          risks: [{ rule: 'own', found: 'kubectl  delete', message: { en: 'deletes from the cluster' } }],
        },
      },
    ])
    await engine.act(id, { type: 'confirm', run: 'a', attempt: 1 }, by)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
  })
})

describe('several risks', () => {
  async function startSeveral() {
    const probe = checked()
    const engine = await stage.engine({ probes: [probe] })
    const bound = { ...node('a', {}, { does: 'boom' }), bind: { path: 'h1,h2,h3' } }
    await publish(stage.pool, { ...chain('risks', [bound, node('b', {}, { does: 'good' })]), settings })
    const { id } = await engine.start({ workflow: 'risks', by })
    await until(
      () => runsOf(stage.pool, id),
      (runs) => runs.filter(({ status }) => status === 'risky').length === 3,
    )
    return { probe, engine, id }
  }
  const all = ['h1', 'h2', 'h3'].map((record) => ({ run: `a[${record}]`, attempt: 1 }))

  it('are confirmed at once, each with its own act and the one reason', async () => {
    const { probe, engine, id } = await startSeveral()
    const given = { runs: all, reason: 'Maintenance' }
    expect(await engine.confirm(id, given, by)).toEqual({ confirmed: all.map(({ run }) => run), refused: [] })
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls).toHaveLength(4)
    const acts = await stage.pool.query(
      `select run, reason from fermata.acts where execution_id = $1 and act = 'confirm' order by run`,
      [id],
    )
    expect(acts).toEqual(all.map(({ run }) => ({ run, reason: 'Maintenance' })))
  })

  it('are one question, however few of them may run at a time; no more of them run than that', async () => {
    const probe = checked()
    probe.answer = stage.gates.wait
    const engine = await stage.engine({ probes: [probe] })
    const records = Array.from({ length: 20 }, (_, n) => `h${n}`)
    const bind = { path: records.join(','), concurrency: 5 }
    const nodes = [{ ...node('a', {}, { does: 'boom' }), bind }]
    await publish(stage.pool, { ...chain('risks', nodes), settings })
    const { id } = await engine.start({ workflow: 'risks', by })
    const risky = (runs: { status: string }[]) => runs.filter(({ status }) => status === 'risky').length
    await until(
      () => runsOf(stage.pool, id),
      (runs) => risky(runs) === 20,
    )
    const runs = records.map((record) => ({ run: `a[${record}]`, attempt: 1 }))
    await engine.confirm(id, { runs, reason: 'Maintenance' }, by)
    for (let left = 20; left > 0; left -= 5) {
      await stage.gates.untilWaiting(5)
      expect(stage.gates.waiting).toHaveLength(5)
      stage.gates.open()
    }
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls).toHaveLength(20)
    const confirmed = { act: 'confirmed', by: 'admin', reason: 'Maintenance' }
    for (const row of await storedRuns(id)) if (row.run !== 'a') expect(row.manual).toMatchObject(confirmed)
  })

  it('only those that were named run, and only the attempts that were seen', async () => {
    const { probe, engine, id } = await startSeveral()
    const given = {
      runs: [all[0] as (typeof all)[0], { run: 'a[h2]', attempt: 2 }, { run: 'x', attempt: 1 }],
    }
    expect(await engine.confirm(id, given, by)).toEqual({ confirmed: ['a[h1]'], refused: ['a[h2]', 'x'] })
    await until(
      async () => probe.calls.length,
      (count) => count === 1,
    )
    await expect(engine.confirm(id, given, by)).rejects.toMatchObject({ code: 'illegal-act' })
    await expect(engine.confirm('999999', given, by)).rejects.toMatchObject({ code: 'not-found' })
    expect(await statusesOf(stage.pool, id)).toMatchObject({ 'a[h2]': 'risky', 'a[h3]': 'risky' })
    expect(probe.calls.map(({ run }) => run)).toEqual(['a[h1]'])
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
      'select status, error from fermata.all_node_runs where execution_id = $1',
      [id],
    )
    expect(run).toMatchObject({ status: 'error', error: { code: 'risk-unknown' } })
    expect(run?.error.message).toContain('nothing was run')
    expect(await headOf(stage.pool, id)).toMatchObject({ status: 'running', attention: true })
  })
})
