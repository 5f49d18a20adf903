import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { NodeRun } from '../api/contract/node-runs.ts'
import type { Client } from '../client/client.ts'
import { confirmSeen } from './confirm-risks.ts'
import type { Io } from './io.ts'

const message = { en: 'restarts the host', zh: '重启主机', ru: 'перезагружает узел' }
const run = (id: string, more: Partial<NodeRun> = {}): NodeRun => ({
  id,
  node: 'a',
  type: 'ssh-command',
  scope: '',
  attempt: 1,
  status: 'risky',
  acts: ['confirm', 'skip'],
  risks: [{ rule: 'power-off', message, found: 'sudo reboot', line: 2 }],
  ...more,
})

/** A server that has these node runs, and refuses to confirm some of them. */
function talk(runs: NodeRun[], { terminal = false, refused = [] as string[] } = {}) {
  const bodies: unknown[] = []
  const client = {
    call: async (route: { method: string }, { body }: { body?: unknown }) => {
      if (route.method === 'GET') return { items: runs }
      bodies.push(body)
      return { confirmed: [], refused, execution: {} }
    },
  } as unknown as Client
  const written = { out: '', err: '' }
  const sink = (name: 'out' | 'err') =>
    Object.assign(new PassThrough(), { isTTY: terminal }).on('data', (chunk) => (written[name] += chunk))
  const stdin = Object.assign(new PassThrough(), { isTTY: terminal })
  const io = { env: {}, stdin, stdout: sink('out'), stderr: sink('err') } as unknown as Io
  const confirm = (...names: string[]) => confirmSeen(io, client, { id: '7', names, reason: 'Checked' })
  const confirmMutely = (name: string) =>
    confirmSeen(io, client, { id: '7', names: [name], reason: undefined })
  return { bodies, written, stdin, confirm, confirmMutely }
}

const three = [run('a[h1]'), run('a[h2]', { attempt: 2 }), run('b', { node: 'b', acts: [] })]

describe('act confirm', () => {
  it('confirms those that are named, as they were seen', async () => {
    const { bodies, confirm } = talk(three)
    await confirm('a[h1]#1', 'a[h2]#2')
    expect(bodies).toEqual([
      {
        reason: 'Checked',
        runs: [
          { run: 'a[h1]', attempt: 1 },
          { run: 'a[h2]', attempt: 2 },
        ],
      },
    ])
  })

  it('refuses a name without its attempt', async () => {
    const { bodies, confirm } = talk(three)
    await expect(confirm('a[h1]')).rejects.toMatchObject({ code: 'bad-request' })
    expect(bodies).toEqual([])
  })

  it('shows what is risky, and without a terminal asks to be told what was seen', async () => {
    const { bodies, written, confirm } = talk(three)
    await expect(confirm()).rejects.toThrow(
      "npm run fermata -- act 7 confirm 'a[h1]#1' 'a[h2]#2' --reason '…'",
    )
    expect(written.out.match(/sudo reboot: restarts the host/g)).toHaveLength(1)
    expect(written.out).toContain('a[h1]#1\n    a[h2]#2\n')
    expect(bodies).toEqual([])
  })

  it.each([
    ['y', 1],
    ['yes', 1],
    ['', 0],
    ['n', 0],
  ])('in a terminal asks: %j', async (answer, count) => {
    const { bodies, written, stdin, confirm } = talk(three, { terminal: true })
    const done = confirm().catch((error: Error) => error)
    stdin.write(`${answer}\n`)
    const result = await done
    expect(written.out).toContain('Run these 2 node runs although they are risky? [y/N]')
    expect(bodies).toHaveLength(count)
    expect(result instanceof Error).toBe(count === 0)
  })

  it.each([
    ['Checked twice', [{ reason: 'Checked twice', runs: [{ run: 'a[h1]', attempt: 1 }] }]],
    ['  ', []],
  ])('in a terminal asks why: %j', async (answer, sent) => {
    const { bodies, written, stdin, confirmMutely } = talk(three, { terminal: true })
    const done = confirmMutely('a[h1]#1').catch((error: Error) => error)
    stdin.write(`${answer}\n`)
    expect((await done) instanceof Error).toBe(sent.length === 0)
    expect(written.out).toContain('Why confirm? ')
    expect(bodies).toEqual(sent)
  })

  it('without a terminal must be told why', async () => {
    const { bodies, confirmMutely } = talk(three)
    await expect(confirmMutely('a[h1]#1')).rejects.toThrow('--reason <text>')
    expect(bodies).toEqual([])
  })

  it('says which were not confirmed, and when there is nothing to confirm', async () => {
    const late = talk(three, { refused: ['a[h1]'] })
    await late.confirm('a[h1]#1', 'a[h2]#2')
    expect(late.written.err).toContain('Not confirmed: a[h1]')
    await expect(talk([]).confirm()).rejects.toMatchObject({ code: 'illegal-act' })
  })
})
