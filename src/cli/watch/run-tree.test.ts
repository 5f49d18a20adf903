import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { NodeRun } from '../../api/contract/node-runs.ts'
import type { Task } from '../../api/contract/tasks.ts'
import type { NodeDocument, WorkflowDocument } from '../../core/document.ts'
import { nodeOf, scopeOf } from '../../core/run-id.ts'
import { formatPicture } from './format-tree.ts'
import { offersOf } from './offers.ts'
import { applyChange, newPicture, type Picture } from './picture.ts'
import { type Branch, treeOf } from './run-tree.ts'

const node = (id: string, more: Partial<NodeDocument> = {}): NodeDocument => ({ id, type: 'set', ...more })

function picture(nodes: NodeDocument[], edges: WorkflowDocument['edges'] = []): Picture {
  return newPicture({
    id: '7',
    workflow: 'w',
    workflowTitle: 'Restart',
    version: 2,
    status: 'running',
    waiting: true,
    attention: true,
    test: false,
    trigger: 'cli',
    startedBy: 'admin',
    createdAt: '2026-01-01T00:00:00.000Z',
    seq: 3,
    acts: ['pause', 'retry', 'terminate'],
    notReached: [],
    rebindable: [],
    document: { format: 'fermata/1', key: 'w', title: 'Restart', nodes, edges },
  })
}

const run = (id: string, status: NodeRun['status'] = 'completed', more: Partial<NodeRun> = {}): NodeRun => ({
  id,
  node: nodeOf(id),
  type: 'set',
  scope: scopeOf(id),
  attempt: 1,
  status,
  acts: [],
  ...more,
})

function add(to: Picture, ...runs: NodeRun[]): NodeRun[] {
  return applyChange(to, { execution: to.head, runs })
}

/** Ids by depth, with statuses: `restart failed`, `  restart[a] failed`. */
const drawn = (branches: Branch[], indent = ''): string[] =>
  branches.flatMap(({ id, status, children, more }) => [
    `${indent}${id} ${status}`,
    ...drawn(children, `${indent}  `),
    ...(more > 0 ? [`${indent}  +${more}`] : []),
  ])

const plain = new PassThrough() as unknown as NodeJS.WriteStream
const failed = { kind: 'failed', code: 'x', message: 'No space\nleft' } as const

describe('the tree', () => {
  it('follows the edges, and shows what has not started', () => {
    const seen = picture(
      [node('c'), node('a'), node('b')],
      [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'c' },
      ],
    )
    seen.head.notReached = ['c']
    add(seen, run('a'), run('b', 'running'))
    expect(drawn(treeOf(seen))).toEqual(['a completed', 'b running', 'c not-reached'])
  })

  it('shows a document with a circle as it is written', () => {
    const seen = picture(
      [node('a'), node('b')],
      [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a' },
      ],
    )
    expect(drawn(treeOf(seen))).toEqual(['a not-started', 'b not-started'])
  })

  it('nests bound records, loops, branches and groups', () => {
    const seen = picture([
      node('each', { type: 'loop' }),
      node('ask', { parent: 'each', bind: { path: 'hosts' } }),
      node('both', { type: 'parallel' }),
      node('left', { parent: 'both', branch: 'l' }),
      node('right', { parent: 'both', branch: 'r' }),
      node('clean', { type: 'group' }),
      node('rm', { parent: 'clean' }),
    ])
    const loop = [run('each', 'running'), run('each[10]/ask', 'running'), run('each[2]/ask')]
    add(
      seen,
      ...loop,
      run('each[2]/ask[h1]'),
      run('both'),
      run('both[l]/left'),
      run('both[r]/right', 'error'),
    )
    add(seen, run('clean'), run('clean/rm'))
    expect(drawn(treeOf(seen))).toEqual([
      'each running',
      '  each[2] completed',
      '    each[2]/ask completed',
      '      each[2]/ask[h1] completed',
      '  each[10] running',
      '    each[10]/ask running',
      'both completed',
      '  both[l] completed',
      '    both[l]/left completed',
      '  both[r] error',
      '    both[r]/right error',
      'clean completed',
      '  clean/rm completed',
    ])
  })

  it('of many records shows those that failed or run, and counts all', () => {
    const seen = picture([node('restart', { bind: { path: 'hosts' } })])
    seen.bound.set('restart', 20)
    const ids = Array.from({ length: 12 }, (_, n) => `restart[h${n}]`)
    add(seen, run('restart', 'running'), ...ids.map((id) => run(id)))
    add(seen, run('restart[h3]', 'failed', { attempt: 2 }), run('restart[h5]', 'running', { attempt: 2 }))
    const [branch] = treeOf(seen)
    expect(branch?.progress).toEqual({ done: 10, total: 20, failed: 1 })
    expect(drawn(treeOf(seen)).slice(1)).toEqual(['  restart[h3] failed', '  restart[h5] running', '  +10'])
  })

  it('says of all around it that a person is asked about a risk', () => {
    const seen = picture([
      node('each', { type: 'loop' }),
      node('boot', { parent: 'each', bind: { path: 'hosts' } }),
    ])
    add(seen, run('each', 'running'), run('each[1]/boot', 'running'))
    add(seen, run('each[1]/boot[a]', 'running'), run('each[1]/boot[b]', 'risky'))
    expect(drawn(treeOf(seen))).toEqual([
      'each risky',
      '  each[1] risky',
      '    each[1]/boot risky',
      '      each[1]/boot[a] running',
      '      each[1]/boot[b] risky',
    ])
  })

  it('keeps the last attempt, whatever comes late', () => {
    const seen = picture([node('a')])
    expect(add(seen, run('a', 'failed')).map(({ id }) => id)).toEqual(['a'])
    expect(add(seen, run('a', 'running', { attempt: 2 }))).toHaveLength(1)
    expect(add(seen, run('a', 'failed'))).toEqual([])
    expect(add(seen, run('a', 'running', { attempt: 2 }))).toEqual([])
    expect(seen.runs.get('a')).toMatchObject({ attempt: 2, status: 'running' })
  })
})

describe('the text', () => {
  it('says how the execution stands, what failed, why, and how far the records are', () => {
    const seen = picture([node('restart', { title: '重启服务', bind: { path: 'hosts' } })])
    seen.head.startedAt = '2026-01-01T00:00:00.000Z'
    seen.bound.set('restart', 2)
    const times = { startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:00:01.500Z' }
    add(seen, run('restart', 'failed'), run('restart[h1]', 'completed', times))
    add(seen, run('restart[h2]', 'failed', { error: failed, attempt: 2 }))
    seen.logs.set('restart[h2]#2', ['last words'])
    const now = Date.parse('2026-01-01T00:02:05.000Z')
    expect(formatPicture(seen, { stream: plain, now })).toEqual([
      '● running, needs attention, waiting  Restart  execution 7, version 2  2 min 5 s',
      '  ✖ 重启服务  restart  ▰▰ 1/2  failed',
      '    ✔ h1  completed  1.5 s',
      '    ✖ h2  failed  attempt 2',
      '        No space left',
      '        │ last words',
    ])
  })

  it('names the task somebody is waited for', () => {
    const seen = picture([node('approve')])
    add(seen, run('approve', 'waiting', { wait: { for: 'person' } }))
    seen.tasks.set('approve', task({ kind: 'approval', acts: ['approve', 'reject'] }))
    expect(formatPicture(seen, { stream: plain, now: 0 })[1]).toBe(
      '  ☝ approve  waiting for a person  task 5: Well?',
    )
  })
})

const task = (more: Partial<Task>): Task => ({
  id: '5',
  kind: 'manual',
  title: 'Well?',
  status: 'open',
  assignees: [],
  execution: '7',
  run: 'approve',
  workflow: 'w',
  workflowTitle: 'Restart',
  startedBy: 'admin',
  createdAt: '2026-01-01T00:00:00.000Z',
  acts: ['submit'],
  ...more,
})

describe('what to do', () => {
  const commands = (seen: Picture) => offersOf(seen).map(({ command }) => command)
  const held = { acts: ['retry', 'skip', 'complete'] } satisfies Partial<NodeRun>

  it('offers each failed record, quoted for the shell', () => {
    const seen = picture([node('restart', { bind: { path: 'hosts' } })])
    add(seen, run('restart', 'failed', held), run('restart[h2]', 'failed', held))
    expect(commands(seen)).toEqual(["act 7 retry 'restart[h2]'", "act 7 skip 'restart[h2]' --reason '…'"])
  })

  it('offers the node when many of its records failed', () => {
    const seen = picture([node('restart', { bind: { path: 'hosts' } })])
    const records = Array.from({ length: 5 }, (_, n) => run(`restart[h${n}]`, 'failed', held))
    add(seen, run('restart', 'failed', held), ...records)
    expect(commands(seen)).toEqual(['act 7 retry restart', "act 7 skip restart --reason '…'"])
  })

  it('offers everything at once when several nodes failed', () => {
    const seen = picture([node('a'), node('b')])
    add(seen, run('a', 'error', held), run('b', 'error', held))
    expect(commands(seen)).toContain('act 7 retry')
  })

  it('tells what was found risky, and where', () => {
    const seen = picture([node('a')])
    const message = { en: 'restarts the host', zh: '重启主机', ru: 'перезагружает узел' }
    add(seen, run('a', 'risky', { risks: [{ rule: 'power-off', message, found: 'sudo\n reboot', line: 2 }] }))
    expect(formatPicture(seen, { stream: plain, now: 0 }).join('\n')).toContain(
      'line 2: sudo reboot: restarts the host',
    )
  })

  it('offers answers to tasks, ways on, and going on', () => {
    const seen = picture([node('approve'), node('risky')])
    seen.tasks.set('approve', task({ kind: 'approval', acts: ['approve', 'reject'] }))
    seen.tasks.set('pick', task({ id: '6', kind: 'choice', options: ['left', 'right way'] }))
    seen.tasks.set('form', task({ id: '8' }))
    add(seen, run('risky', 'risky', { acts: ['confirm', 'skip'] }))
    seen.head.acts = ['resume']
    expect(commands(seen)).toEqual([
      'task 5 approve',
      'task 5 reject',
      'task 6 submit --port left',
      "task 6 submit --port 'right way'",
      "task 8 submit --data '{…}'",
      "act 7 skip risky --reason '…'",
      "act 7 confirm 'risky#1' --reason '…'",
      'act 7 resume',
    ])
  })
})
