// Schedules from the API to their executions, on a real database, with a real mail server and a real webhook (rule 37).
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Message, Schedule } from '../../src/api/contract/schedules.ts'
import { createOutbound } from '../../src/runtime/outbound/outbound.ts'
import { type Scheduler, startScheduler } from '../../src/runtime/schedules/start-scheduler.ts'
import { nextTryAfter, type Tell } from '../../src/runtime/schedules/tell-news.ts'
import { createTell } from '../../src/runtime/wiring/create-tell.ts'
import { grantCrew, openApi, type TestApi } from '../helpers/api.ts'
import { chain, publish, silentLog, until } from '../helpers/engine.ts'

let api: TestApi
const schedulers: Scheduler[] = []
const by = { name: 'operator' }
const quiet: Tell = { mail: async () => undefined, webhook: async () => undefined, link: () => undefined }
const yearly = { mode: 'monthly', day: 1, at: '00:00' } as const
let count = 0

beforeAll(async () => {
  api = await openApi()
  await publish(api.pool, chain('nightly', [{ id: 'a', type: 'probe' }]))
  await publish(api.pool, chain('asking', [{ id: 'a', type: 'manual', config: { title: 'Look' } }]))
  await grantCrew(api.pool, 'nightly', 'run')
  await grantCrew(api.pool, 'asking', 'run')
})
beforeEach(async () => {
  await api.pool.run('delete from fermata.schedules')
})
afterEach(async () => {
  for (const scheduler of schedulers.splice(0)) await scheduler.stop()
  api.probe.answer = () => ({ type: 'done' })
})
afterAll(() => api.close())

function run(tell: Tell = quiet): void {
  schedulers.push(startScheduler({ pool: api.pool, engine: api.engine, log: silentLog, tell }))
}

async function completed(workflow = 'nightly', inputs = {}): Promise<string> {
  const { id } = await api.engine.start({ workflow, by, inputs })
  if (workflow === 'asking') await api.engine.act(id, { type: 'complete', run: 'a' }, by)
  expect(await api.engine.waitForEnd(id, 5000)).toBe('completed')
  return id
}

async function schedule(body: object = {}, workflow = 'nightly'): Promise<Schedule> {
  const given = {
    name: `Schedule ${++count}`,
    execution: await completed(workflow),
    timing: yearly,
    timeZone: 'Europe/Berlin',
    ...body,
  }
  const answer = await api.call('operator', 'POST /api/v1/schedules', given)
  expect(answer.status, answer.text).toBe(201)
  return answer.body as unknown as Schedule
}

/** As if its time had come so many seconds ago. */
const due = (id: string, secondsAgo = 0) =>
  api.pool.run(
    'update fermata.schedules set next_fire_at = now() - make_interval(secs => $2) where id = $1',
    [id, secondsAgo],
  )

const firingsOf = (id: string) =>
  api.pool.query<{ status: string; reason: string | null; execution: string | null; settled: boolean }>(
    'select status, reason, execution_id as execution, settled from fermata.firings where schedule_id = $1 order by due_at',
    [id],
  )
const untilFirings = (id: string, statuses: string[]) =>
  until(
    () => firingsOf(id),
    (rows) => rows.map(({ status }) => status).join() === statuses.join(),
  )

describe('making a schedule', () => {
  it('keeps version and inputs of the execution, and says when it fires next', async () => {
    const made = await schedule({ timing: { mode: 'daily', at: '02:30' }, missed: 'all', overlap: 'queue' })
    expect(made).toMatchObject({
      workflow: 'nightly',
      version: 1,
      owner: 'operator',
      state: 'active',
      bindings: 'kept',
      acts: ['pause', 'edit', 'delete'],
      counts: { completed: 0, failed: 0, canceled: 0, running: 0 },
    })
    expect(Date.parse(made.nextFireAt ?? '')).toBeGreaterThan(Date.now())
  })

  it('is refused for any execution that did not complete', async () => {
    const { id } = await api.engine.start({ workflow: 'asking', by })
    await api.engine.act(id, { type: 'terminate' }, by)
    const body = { name: 'x', execution: id, timing: yearly, timeZone: 'UTC' }
    const answer = await api.call('operator', 'POST /api/v1/schedules', body)
    expect(answer).toMatchObject({ status: 409, body: { code: 'illegal-act', pointer: '/execution' } })
  })

  it('is refused to whoever may not run the workflow, as if the execution were not there', async () => {
    const body = { name: 'x', execution: await completed(), timing: yearly, timeZone: 'UTC' }
    expect((await api.call('stranger', 'POST /api/v1/schedules', body)).status).toBe(404)
  })

  it('is refused for times that never come, zones that do not exist, names that are taken', async () => {
    const { name } = await schedule()
    const base = { name: 'y', execution: await completed(), timing: yearly, timeZone: 'UTC' }
    const refusals = [
      [{ ...base, timing: { mode: 'cron', cron: '0 0 31 2 *' } }, 'invalid-timing', '/timing'],
      [{ ...base, timing: { mode: 'cron', cron: 'a b c d e' } }, 'invalid-timing', '/timing/cron'],
      [{ ...base, timeZone: 'Europe/Atlantis' }, 'invalid-timing', '/timeZone'],
      [{ ...base, name }, 'already-exists', '/name'],
    ] as const
    for (const [body, code, pointer] of refusals) {
      const answer = await api.call('operator', 'POST /api/v1/schedules', body)
      expect(answer.body).toMatchObject({ code, pointer })
    }
  })

  it('that two people change at a time is saved by the first, and the other is told who it was', async () => {
    const { id, name, seq } = await schedule({ role: 'crew' })
    const change = (body: object) => api.call('operator', `PATCH /api/v1/schedules/${id}`, body)
    const first = await change({ overlap: 'queue', basedOn: seq })
    expect(first.body).toMatchObject({ seq: seq + 1, updatedBy: 'operator' })
    // Pausing and starting change no settings.
    await api.call('operator', `POST /api/v1/schedules/${id}/pause`, {})
    const timing = { mode: 'hourly', past: '10' }
    const second = await change({ name: 'Another', timing, basedOn: seq })
    const why = { key: 'schedule-changed', by: 'operator' }
    expect(second).toMatchObject({ status: 409, body: { code: 'conflict', why } })
    const now = await api.call('operator', `GET /api/v1/schedules/${id}`)
    expect(now.body).toMatchObject({ name, timing: yearly, overlap: 'queue', seq: seq + 1 })
    const audited = await api.pool.query(
      `select from fermata.audit where action = 'schedule.change' and object = $1`,
      [`schedule:${id}`],
    )
    expect(audited).toHaveLength(1)
    expect((await change({ timing, basedOn: seq + 1 })).body).toMatchObject({ timing, seq: seq + 2 })
    // Who names no state changes whatever is there.
    expect((await change({ name: 'Another' })).body).toMatchObject({ name: 'Another', timing, seq: seq + 3 })
  })

  it('that two people change in the same moment is saved once', async () => {
    const { id, seq } = await schedule()
    const answers = await Promise.all(
      ['skip', 'all', 'latest'].map((missed) =>
        api.call('operator', `PATCH /api/v1/schedules/${id}`, { missed, basedOn: seq }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })

  it('can be tried: the next times are shown', async () => {
    const body = { timing: { mode: 'weekly', weekday: 1, at: '08:00' }, timeZone: 'Asia/Shanghai', count: 3 }
    const { times } = (await api.call('operator', 'POST /api/v1/schedules/times', body)).body as {
      times: string[]
    }
    expect(times).toHaveLength(3)
    for (const time of times) expect(time).toMatch(/T00:00:00/)
  })
})

describe('a firing', () => {
  it('starts one execution, though two schedulers look', async () => {
    const { id } = await schedule()
    await due(id)
    run()
    run()
    const [firing] = await untilFirings(id, ['started'])
    const [row] = await api.pool.query(
      'select workflow, version, trigger, started_by as by from fermata.executions where id = $1',
      [firing?.execution],
    )
    expect(row).toEqual({ workflow: 'nightly', version: 1, trigger: 'schedule', by: 'operator' })
    await until(
      () => firingsOf(id),
      (rows) => rows.every(({ settled }) => settled),
    )
    const shown = await api.call('operator', `GET /api/v1/schedules/${id}`)
    expect(shown.body).toMatchObject({ counts: { completed: 1 } })
    const list = await api.call('operator', `GET /api/v1/schedules/${id}/firings`)
    expect(list.body).toMatchObject({ items: [{ status: 'started', executionStatus: 'completed' }] })
  })

  it('whose process died before it could start is started by another, once', async () => {
    const { id } = await schedule()
    await api.pool.run(
      `insert into fermata.firings (schedule_id, due_at, status, taken_at)
       values ($1, now() - interval '1 hour', 'starting', now() - interval '20 seconds')`,
      [id],
    )
    run()
    await untilFirings(id, ['started'])
  })

  it('that was started, but not yet marked so, is not started twice', async () => {
    const { id } = await schedule()
    const at = Date.now() - 60_000
    const started = await api.engine.start({ workflow: 'nightly', by, dedupKey: `schedule:${id}:${at}` })
    await api.pool.run(
      `insert into fermata.firings (schedule_id, due_at, status, taken_at)
       values ($1, to_timestamp($2::float8 / 1000), 'starting', now() - interval '20 seconds')`,
      [id, at],
    )
    run()
    const [firing] = await untilFirings(id, ['started'])
    expect(firing?.execution).toBe(started.id)
  })

  it('is refused when its owner may not run the workflow any more, and says so', async () => {
    const { id } = await schedule()
    await api.pool.run(`delete from fermata.grants where role = 'crew' and workflow = 'nightly'`)
    await due(id)
    run()
    const [firing] = await untilFirings(id, ['refused'])
    expect(firing?.reason).toContain('operator may not run nightly')
    await grantCrew(api.pool, 'nightly', 'run')
    const { body } = await api.call('operator', `GET /api/v1/schedules/${id}/firings`)
    expect(body).toMatchObject({
      items: [{ why: { key: 'owner-may-not', owner: 'operator', workflow: 'nightly' } }],
    })
  })

  it('of a paused or deleted schedule does not happen', async () => {
    const [paused, deleted, live] = [await schedule(), await schedule(), await schedule()]
    await api.call('operator', `POST /api/v1/schedules/${paused.id}/pause`, {})
    await api.call('operator', `DELETE /api/v1/schedules/${deleted.id}`)
    for (const { id } of [paused, deleted, live]) await due(id)
    run()
    await untilFirings(live.id, ['started'])
    expect([...(await firingsOf(paused.id)), ...(await firingsOf(deleted.id))]).toEqual([])
    expect((await api.call('operator', `GET /api/v1/schedules/${deleted.id}`)).status).toBe(404)
  })
})

describe('times that were missed', () => {
  it.each([
    ['skip', ['missed']],
    ['latest', ['missed', 'started']],
    ['all', ['missed', ...Array.from({ length: 10 }, () => 'started')]],
  ])('with "%s"', async (missed, expected) => {
    const { id } = await schedule({
      missed,
      overlap: 'allow',
      // Half an hour away from now: no time of it is at hand.
      timing: { mode: 'hourly', past: String((new Date().getMinutes() + 30) % 60).padStart(2, '0') },
    })
    await due(id, 86_400 + 300)
    run()
    await untilFirings(id, expected)
  })
})

describe('an earlier execution that still lives', () => {
  const another = async (overlap: string) => {
    const { id } = await schedule({ overlap }, 'asking')
    await due(id)
    run()
    const [first] = await untilFirings(id, ['started'])
    await due(id)
    return { id, first: first?.execution as string }
  }

  it('lets the next one be left out', async () => {
    const { id, first } = await another('skip')
    const rows = await untilFirings(id, ['started', 'skipped'])
    expect(rows[1]?.reason).toContain(first)
    const { body } = await api.call('operator', `GET /api/v1/schedules/${id}/firings`)
    expect(body).toMatchObject({ items: [{ why: { key: 'still-runs', execution: first } }, {}] })
  })

  it('lets the next one wait for its end', async () => {
    const { id, first } = await another('queue')
    await untilFirings(id, ['started', 'waiting'])
    await api.engine.act(first, { type: 'complete', run: 'a' }, by)
    await untilFirings(id, ['started', 'started'])
  })

  it('is terminated', async () => {
    const { id, first } = await another('cancel')
    await untilFirings(id, ['started', 'started'])
    expect(await api.engine.waitForEnd(first, 5000)).toBe('canceled')
  })

  it('goes on beside the next one', async () => {
    const { id } = await another('allow')
    await untilFirings(id, ['started', 'started'])
  })
})

describe('failures', () => {
  it('in a row pause the schedule; started again it counts anew', async () => {
    const { id } = await schedule({ pauseAfter: 2 })
    api.probe.answer = () => ({ type: 'fail', kind: 'failed', code: 'no', message: 'No' })
    run()
    for (const failures of [1, 2]) {
      await due(id)
      await until(
        () =>
          api.pool.query<{ failures: number }>('select failures from fermata.schedules where id = $1', [id]),
        ([row]) => row?.failures === failures,
      )
    }
    const paused = await api.call('operator', `GET /api/v1/schedules/${id}`)
    expect(paused.body).toMatchObject({
      state: 'paused',
      pausedReason: 'failures',
      acts: ['start', 'edit', 'delete'],
    })
    const started = await api.call('operator', `POST /api/v1/schedules/${id}/start`, {})
    expect(started.body).toMatchObject({ state: 'active', counts: { failed: 2 } })
    expect(started.body).not.toHaveProperty('pausedReason')
  })
})

describe('the time until the next try', () => {
  it('grows to an hour and has an end', () => {
    const tries = Array.from({ length: 10 }, (_, n) => nextTryAfter(n + 1))
    expect(tries.map((ms) => ms && ms / 60_000)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, undefined])
  })
})

describe('notifications', () => {
  const letters: string[] = []
  const posts: unknown[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        letters.push(Buffer.concat(chunks).toString())
        done()
      })
    },
  })
  let hook: Server
  let tell: ReturnType<typeof createTell>
  const outbound = createOutbound({ allow: ['127.0.0.1'] })

  beforeAll(async () => {
    hook = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        posts.push(JSON.parse(Buffer.concat(chunks).toString()))
        response.end()
      })
    })
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
    const mail = await new Promise<AddressInfo>((resolve) => {
      const server = smtp.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo))
    })
    tell = createTell({
      http: outbound.http,
      smtpUrl: `smtp://127.0.0.1:${mail.port}`,
      mailFrom: 'fermata@example.org',
      publicUrl: 'https://fermata.example.org',
    })
  })
  afterAll(async () => {
    tell.close()
    await outbound.close()
    await new Promise<void>((resolve) => smtp.close(() => resolve()))
    hook.closeAllConnections()
    hook.close()
  })

  it('tell by mail and webhook that a person is waited for, and of the end', async () => {
    const webhook = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`
    const notify = { on: ['waiting', 'completed'], mail: ['ops@example.org'], webhook }
    const { id, name } = await schedule({ notify }, 'asking')
    await due(id)
    run(tell)
    await untilMessages(id, ['sent', 'sent'])
    const [firing] = await firingsOf(id)
    await api.engine.act(firing?.execution as string, { type: 'complete', run: 'a' }, by)
    await untilMessages(id, ['sent', 'sent', 'sent', 'sent'])
    const link = `https://fermata.example.org/executions/${firing?.execution}`
    expect(posts).toMatchObject([
      { event: 'waiting', schedule: { id, name }, link },
      { event: 'completed', status: 'completed', link },
    ])
    expect(letters).toHaveLength(2)
    expect(letters[0]).toContain('To: ops@example.org')
    expect(letters[0]).toContain(`[Fermata] ${name} waits for a person`)
    expect(letters[1]).toContain(link)
  })

  it('go to its owner and to the members of its role', async () => {
    await api.call('operator', 'PATCH /api/v1/session', { mail: 'op@example.org' })
    await api.pool.run(`update fermata.users set mail = 'none@example.org' where name = 'stranger'`)
    letters.splice(0)
    const { id } = await schedule({ role: 'crew', notify: { on: ['completed'], to: ['owner', 'role'] } })
    await due(id)
    run(tell)
    await untilMessages(id, ['sent'])
    expect(letters).toHaveLength(1)
    expect(letters[0]).toContain('To: op@example.org')
    expect(letters[0]).not.toContain('none@example.org')
  })

  it('that find nobody with an address say so, and the firing counts all the same', async () => {
    await api.call('operator', 'PATCH /api/v1/session', { mail: null })
    const { id } = await schedule({ notify: { on: ['completed'], to: ['owner'] } })
    await due(id)
    run(tell)
    const [message] = await untilMessages(id, ['failed'])
    expect(message?.error).toContain('mail address')
    await until(
      () => firingsOf(id),
      (rows) => rows.every(({ settled }) => settled),
    )
  })

  it('that cannot be delivered are tried again, later and later, and given up in the end; mail is not sent twice', async () => {
    letters.splice(0)
    const webhook = 'http://127.0.0.1:1/nobody'
    const { id } = await schedule({ notify: { on: ['completed'], mail: ['ops@example.org'], webhook } })
    await due(id)
    run(tell)
    const [open] = await untilMessages(id, ['open', 'sent'], (rows) => rows[0]?.tries === 1)
    expect(open).toMatchObject({ way: 'webhook', addresses: [webhook] })
    expect(open?.error).toBeDefined()
    expect(Date.parse(open?.nextTryAt ?? '')).toBeGreaterThan(Date.now() + 30_000)
    await api.pool.run(
      `update fermata.messages set tries = 9, next_try_at = now() where schedule_id = $1 and status = 'open'`,
      [id],
    )
    const [failed] = await untilMessages(id, ['failed', 'sent'])
    expect(failed).toMatchObject({ tries: 10 })
    expect(failed).not.toHaveProperty('nextTryAt')
    expect(letters).toHaveLength(1)

    const port = (hook.address() as AddressInfo).port
    await api.pool.run(
      `update fermata.messages set addresses = $2 where schedule_id = $1 and way = 'webhook'`,
      [id, [`http://127.0.0.1:${port}/hook`]],
    )
    const again = await api.call('operator', `POST /api/v1/schedules/${id}/messages/resend`, {})
    expect(again.body).toEqual({ count: 1 })
    await untilMessages(id, ['sent', 'sent'])
    expect(letters).toHaveLength(1)
  })
})

async function untilMessages(
  id: string,
  statuses: string[],
  holds: (rows: Message[]) => boolean = () => true,
): Promise<Message[]> {
  return until(
    async () =>
      (await api.call('operator', `GET /api/v1/schedules/${id}/messages`)).body.items as unknown as Message[],
    (rows) => rows.map(({ status }) => status).join() === statuses.join() && holds(rows),
  )
}

describe('the list', () => {
  const names = async (query: string) => {
    const { body } = await api.call('operator', `GET /api/v1/schedules${query}`)
    return (body.items as unknown as Schedule[]).map(({ name }) => name).sort()
  }

  it('is filtered by whose they are, when they were made and when they fire', async () => {
    const mine = await schedule({ timing: { mode: 'hourly', past: '30' } })
    const theirs = await schedule({ role: 'crew' })
    const others = await schedule()
    await api.pool.run(
      `update fermata.schedules set owner_id = 0, owner = 'x' where id = any($1::bigint[])`,
      [[theirs.id, others.id]],
    )
    await api.pool.run(`update fermata.schedules set created_at = now() - interval '3 days' where id = $1`, [
      theirs.id,
    ])
    expect(await names('')).toHaveLength(3)
    expect(await names('?mine=true')).toEqual([mine.name, theirs.name].sort())
    const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
    expect(await names(`?firesBefore=${at(2)}`)).toEqual([mine.name])
    expect(await names(`?createdFrom=${at(-24)}`)).toEqual([mine.name, others.name].sort())
    expect(await names('?mode=hourly')).toEqual([mine.name])
  })

  it('is exported as a table', async () => {
    const { name } = await schedule({ name: '=1+1' })
    const { text, headers } = await api.call('operator', 'GET /api/v1/schedules/export')
    expect(headers['content-type']).toContain('text/csv')
    const [title, row] = text.slice(1).split('\r\n')
    expect(title).toContain('id,name,state,workflow')
    expect(row).toContain(`"'${name}",active,nightly`)
    expect((await api.call('stranger', 'GET /api/v1/schedules/export')).text).not.toContain(name)
  })
})
