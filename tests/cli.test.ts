// The command line as people use it: processes of its own on an empty data folder, real SSH and HTTP.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const main = join(import.meta.dirname, '../src/cli/main.ts')
/** Only against hanging: a busy machine takes ten seconds to start a process, and a test starts ten. */
const long = 400_000
let base: string
let server: ChildProcess | undefined

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'fermata-cli-'))
  // Else root would keep the data in a system folder.
  await chmod(base, 0o755)
})
afterAll(async () => {
  if (server?.exitCode === null) {
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    await ended
  }
  await rm(base, { recursive: true, force: true })
}, long)

function start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const { DATABASE_URL: _url, FERMATA_URL: _server, FORCE_COLOR: _color, ...rest } = process.env
  return spawn(process.execPath, [main, ...args], {
    env: { ...rest, FERMATA_DATA: join(base, 'data'), PORT: '0', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

interface Answer {
  code: number
  out: string
  err: string
}

async function fermata(...args: string[]): Promise<Answer> {
  return finish(start(args))
}

async function finish(child: ChildProcess): Promise<Answer> {
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk) => (out += chunk))
  child.stderr?.on('data', (chunk) => (err += chunk))
  const [code] = (await once(child, 'close')) as [number]
  return { code, out, err }
}

async function json<T>(...args: string[]): Promise<T> {
  const { out, err } = await fermata(...args, '--json')
  try {
    return JSON.parse(out) as T
  } catch {
    throw new Error(`No JSON from ${args.join(' ')}: ${out}${err}`)
  }
}

interface Shown {
  id: string
  status: string
  attention: boolean
  nodeRuns: { id: string; status: string; attempt: number; manual?: { by: string; reason?: string } }[]
  tasks: { id: string; title: string }[]
  next: { command: string }[]
}

describe('without a server', () => {
  let execution: Shown

  it('finds an empty machine well', async () => {
    const { out, code } = await fermata('doctor')
    expect(out).toMatch(/✔ node +24\./)
    expect(out).toContain('the first start makes it')
    expect(code).toBe(0)
  })

  it(
    'runs a procedure on real hosts, and stops where a person must approve',
    async () => {
      const input = ['--input', 'reason=It is slow']
      const { code, out } = await fermata(
        'run',
        'restart-service',
        '--target',
        'pay-api-1',
        ...input,
        '--watch',
      )
      expect(out).toContain('✔ silence[pay-03]  completed')
      expect(out).toMatch(/task \d+: Restart pay-api\?/)
      expect(code).toBe(2)
      const id = /Execution (\d+) started/.exec(out)?.[1] ?? ''
      expect(out).toContain(`Execution ${id} waits: a person is needed.`)
      execution = await json('show', id)
      expect(execution).toMatchObject({ status: 'running', attention: false })
    },
    long,
  )

  it(
    'goes on once approved, and holds on the host that fails',
    async () => {
      const [task] = execution.tasks
      const { code, out } = await fermata('task', task?.id ?? '', 'approve', '--watch')
      expect(out).toContain('✔ restart[pay-01]  completed')
      expect(out).toContain('✖ restart[pay-03]  failed')
      expect(out).toContain('No space left on device')
      expect(out).toContain(`npm run fermata -- act ${execution.id} retry 'restart[pay-03]'`)
      expect(code).toBe(2)
    },
    long,
  )

  it(
    'completes after the disk was cleaned and the host retried',
    async () => {
      const cleaning = await fermata('run', 'disk-clean-up', '--target', 'host/pay-03', '--watch')
      expect(cleaning.out).toContain('✔ completed  Clean up a disk on pay-03')
      expect(cleaning.code).toBe(0)
      const retry = ['act', execution.id, 'retry', 'restart[pay-03]', '--reason', 'cleaned']
      const { code, out } = await fermata(...retry, '--watch')
      expect(out).toContain('✔ completed  Restart a service on pay-api-1')
      expect(code).toBe(0)
      const runs = new Map((await json<Shown>('show', execution.id)).nodeRuns.map((run) => [run.id, run]))
      expect(runs.get('restart[pay-01]')?.attempt).toBe(1)
      expect(runs.get('restart[pay-03]')).toMatchObject({ status: 'completed', attempt: 2 })
    },
    long,
  )

  it(
    'says in plain words what it cannot do',
    async () => {
      const unknown = await fermata('run', 'restart-service', '--target', 'nowhere')
      expect(unknown.err).toContain('no such app_instance. There are: crm-web-1')
      expect(unknown.err).not.toContain('at ')
      expect(unknown.code).toBe(1)
      const late = await fermata('act', execution.id, 'pause', '--json')
      expect(JSON.parse(late.err)).toMatchObject({ error: { code: 'illegal-act' } })
      expect(late.code).toBe(1)
    },
    long,
  )

  it(
    'carries a batch on by itself, to its end',
    async () => {
      const on = ['--target', 'crm-01', '--target', 'shop-01']
      const { code, out, err } = await fermata('batch', 'start', 'disk-clean-up', ...on)
      expect(err).toContain('this process carries the batch on')
      expect(out).toMatch(/Batch \d+ started on 2 targets/)
      expect(out).toContain('completed  2 of 2 completed')
      expect(code).toBe(0)
    },
    long,
  )

  it(
    'brings workflows in and out as the same text',
    async () => {
      const file = join(base, 'restart.yaml')
      expect((await fermata('export', 'restart-service', '--output', file)).code).toBe(0)
      const imported = await json<{ published: boolean }[]>('import', file, '--publish')
      expect(imported).toMatchObject([{ workflow: 'restart-service', published: true, problems: [] }])
      const again = await fermata('export', 'restart-service')
      await writeFile(join(base, 'again.yaml'), again.out)
      expect((await fermata('export', 'restart-service', '--version', '1')).out).toBe(again.out)
      const broken = join(base, 'broken.yaml')
      await writeFile(broken, again.out.replace('type: approval', 'type: aproval'))
      const refused = await fermata('import', broken, '--publish')
      expect(refused.out).toMatch(/\/nodes\/\d+\/type/)
      expect(refused.code).toBe(1)
    },
    long,
  )
})

describe('beside a server', () => {
  let url = ''
  let token = ''

  beforeAll(async () => {
    server = start(['serve', '--json'])
    const [chunk] = (await once(server.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
    url = (JSON.parse(String(chunk)) as { url: string }).url
  }, long)

  it('keeps a second server off the data folder, naming the first', async () => {
    const { code, err } = await fermata('serve')
    expect(err).toContain(`process ${server?.pid}`)
    expect(code).toBe(1)
  })

  it(
    'shares the database: what it starts is seen by the server, and the demo hosts stay where they are',
    async () => {
      const { code, out } = await fermata('run', 'disk-clean-up', '--target', 'shop-01', '--watch')
      expect(out).toContain('✔ completed  Clean up a disk on shop-01')
      expect(code).toBe(0)
      const { findings } = await json<{ findings: { about: string; text: string }[] }>('doctor')
      expect(findings.find(({ about }) => about === 'demo hosts')?.text).toContain('answer')
      expect(findings.find(({ about }) => about === 'in use')?.text).toContain(`process ${server?.pid}`)
    },
    long,
  )

  it(
    'makes users and tokens',
    async () => {
      const { out } = await fermata('user', 'create', 'kim', '--role', 'operator')
      expect(out).toContain('/sign-in?link=')
      const created = await json<{ secret: string }>('token', 'create', '--user', 'kim', '--name', 'ci')
      token = created.secret
      expect(token).toMatch(/^fmt_/)
    },
    long,
  )

  it(
    'talks to a server by its address, with the rights of the token',
    async () => {
      const remote = (...args: string[]) =>
        finish(start(args, { FERMATA_URL: url, FERMATA_TOKEN: token, FERMATA_DATA: join(base, 'nothing') }))
      const target = ['--target', 'crm-01']
      const { code, out } = await remote('run', 'disk-clean-up', ...target, '--watch', '--json')
      expect(JSON.parse(out)).toMatchObject({ status: 'completed', startedBy: 'kim', trigger: 'cli' })
      expect(code).toBe(0)
      const refused = await remote('user', 'create', 'eve', '--role', 'admin')
      expect(refused.err).toContain('forbidden')
      const nobody = await finish(start(['executions'], { FERMATA_URL: url, FERMATA_TOKEN: 'wrong' }))
      expect(nobody.err).toContain('token create')
      expect(nobody.code).toBe(1)
    },
    long,
  )

  it(
    'lists, shows, pauses and deletes schedules',
    async () => {
      const done = ['--status', 'completed', '--workflow', 'disk-clean-up', '--limit', '1']
      const { items } = await json<{ items: { id: string }[] }>('executions', ...done)
      const timing = { mode: 'daily', at: '02:30' }
      const body = { name: 'Nightly clean-up', execution: items[0]?.id, timing, timeZone: 'Europe/Berlin' }
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const made = await fetch(`${url}/api/v1/schedules`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      expect(made.status).toBe(201)
      const { id } = (await made.json()) as { id: string }
      const listed = await fermata('schedules', 'list')
      expect(listed.out).toMatch(/active +Nightly clean-up +disk-clean-up v\d+ .*every day at 02:30/)
      const times = await fermata('schedules', 'times', id, '--count', '3')
      expect(times.out.trim().split('\n')).toHaveLength(3)
      expect((await fermata('schedules', 'pause', id)).out).toContain('is paused')
      expect((await fermata('schedules', 'show', id)).out).toContain('Nightly clean-up  (paused')
      expect((await fermata('schedules', 'start', id)).out).toContain('fires again')
      expect((await fermata('schedules', 'delete', id)).code).toBe(0)
      const gone = await fermata('schedules', 'show', id)
      expect(gone.err).toContain('not-found')
      expect(gone.code).toBe(1)
    },
    long,
  )

  it(
    'starts a batch on what a search finds, stops it by its rule, lists, shows, retries and resumes it',
    async () => {
      const workflow = ['batch', 'start', 'disk-clean-up']
      expect((await fermata(...workflow)).err).toContain('--all')
      const where = ['--where', "app_instances[status = 'running']", '--search', 'crm']
      const found = await fermata(...workflow, ...where, '--dry-run')
      expect(found.out).toMatch(/^crm-01 .*\ncrm-02 .*\n$/)
      // Its disk is that full without its logs: the clean-up fails.
      const rules = ['--parallel', '1', '--stop-after', '0', '--input', 'threshold=40']
      const stopped = await fermata(...workflow, ...where, ...rules, '--watch')
      expect(stopped.out).toContain('stopped: too many failed  0 of 2 completed, 1 failed, 1 not started')
      expect(stopped.out).toMatch(/✖ crm-01 {2}failed {2}execution \d+/)
      expect(stopped.code).toBe(1)
      const [, id = ''] = /Batch (\d+) started on 2 targets/.exec(stopped.out) ?? []
      const shown = await fermata('batch', 'show', id, '--status', 'not-started')
      expect(shown.out).toContain('At a time: 1. Starts no more: when more than 0 failed. Owner: admin.')
      expect(shown.out).toMatch(/not-started +crm-02/)
      expect(shown.out).toContain(`npm run fermata -- batch resume ${id}`)
      const resumed = await fermata('batch', 'resume', id, '--reason', 'Both are known', '--watch')
      expect(resumed.out).toContain('some failed  0 of 2 completed, 2 failed')
      const again = await json<{ counts: object }>('batch', 'retry', id)
      expect(again.counts).toEqual({ 'not-started': 2 })
      await fermata('batch', 'watch', id)
      const { targets } = await json<{ targets: object[] }>('batch', 'show', id)
      expect(targets).toMatchObject([{ id: 'crm-01', attempt: 2 }, { id: 'crm-02' }])
      const listed = await fermata('batch', 'list', '--limit', '1')
      expect(listed.out).toMatch(new RegExp(`^${id} .*disk-clean-up v\\d+ .*admin`))
      const mute = await fermata('batch', 'stop', id)
      expect(mute).toMatchObject({ code: 1, err: expect.stringContaining('--reason <text>') })
      await fermata('batch', 'stop', id, '--reason', 'enough')
      const late = await fermata('batch', 'pause', id)
      expect(late.err).toContain('illegal-act')
      expect(late.code).toBe(1)
    },
    long,
  )

  it(
    'backs up while the server runs, and restores elsewhere, secrets included',
    async () => {
      const file = join(base, 'backup')
      const made = await json<{ rows: number }>('backup', file, '--with-key')
      const elsewhere = (...args: string[]) => finish(start(args, { FERMATA_DATA: join(base, 'elsewhere') }))
      const restored = await elsewhere('restore', file, '--json')
      expect(JSON.parse(restored.out)).toMatchObject({ rows: made.rows, key: true })
      expect((await elsewhere('restore', file)).err).toContain('already-exists')
      const there = await elsewhere('executions', '--limit', '5', '--json')
      expect(JSON.parse(there.out).items).toEqual(
        (await json<{ items: unknown[] }>('executions', '--limit', '5')).items,
      )
      // With its own secrets the demo world still reaches its hosts.
      expect((await elsewhere('run', 'disk-clean-up', '--target', 'shop-02', '--watch')).code).toBe(0)
      expect(await json('prune', '--dry-run')).toMatchObject({ executions: 0 })
    },
    long,
  )

  it(
    'stops when told to, with nothing left running',
    async () => {
      const ended = once(server as ChildProcess, 'exit')
      server?.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
      const { findings } = await json<{ findings: { about: string }[] }>('doctor')
      expect(findings.some(({ about }) => about === 'in use')).toBe(false)
    },
    long,
  )
})
