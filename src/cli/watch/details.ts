// What the stream of changes does not carry: names of tasks, numbers of bound records, logs of failed runs.
import { listBindings, listLogs, type NodeRun } from '../../api/contract/node-runs.ts'
import { listTasks } from '../../api/contract/tasks.ts'
import type { Client } from '../../client/client.ts'
import { isFailure } from '../../core/statuses.ts'
import { logKey, type Picture } from './picture.ts'

const logLines = 6
/** Beyond so many failed records their logs are for `show` and the console. */
const mostLogs = 20

export async function addDetails(
  client: Client,
  picture: Picture,
  changed: readonly NodeRun[],
): Promise<void> {
  const waits = changed.some(({ status, wait }) => status === 'waiting' && wait?.for === 'person')
  if (waits || picture.tasks.size > 0) await readTasks(client, picture)
  if (needsBindings(picture, changed)) await readBindings(client, picture)
  for (const run of changed.filter(({ status }) => isFailure(status))) await readLog(client, picture, run)
}

async function readTasks(client: Client, { head, tasks }: Picture): Promise<void> {
  const query = { execution: head.id, status: 'open', box: 'all', limit: 100 } as const
  const { items } = await client.call(listTasks, { query })
  tasks.clear()
  for (const task of items) tasks.set(task.run, task)
}

function needsBindings({ bound, document }: Picture, changed: readonly NodeRun[]): boolean {
  const nodes = new Set(document.nodes.filter(({ bind }) => bind).map(({ id }) => id))
  return changed.some(({ id, node }) => nodes.has(node) && !id.endsWith(']') && !bound.has(id))
}

async function readBindings(client: Client, { head, bound, document, runs }: Picture): Promise<void> {
  const { items } = await client.call(listBindings, { params: { id: head.id } })
  for (const { run, records } of items) bound.set(run, records.length)
  const nodes = new Set(document.nodes.filter(({ bind }) => bind).map(({ id }) => id))
  // In a scope the binding of mode `start` is stored for the node as a whole.
  for (const { id, node } of runs.values()) {
    if (nodes.has(node) && !id.endsWith(']')) bound.set(id, bound.get(id) ?? bound.get(node) ?? 0)
  }
}

async function readLog(client: Client, { head, logs }: Picture, run: NodeRun): Promise<void> {
  const key = logKey(run)
  if (logs.has(key) || logs.size >= mostLogs) return
  const params = { id: head.id, run: run.id }
  const { items } = await client.call(listLogs, { params, query: { attempt: run.attempt, limit: 5000 } })
  const lines = items.filter(({ level }) => level !== 'debug').map(({ text }) => text)
  logs.set(key, lines.slice(-logLines))
}
