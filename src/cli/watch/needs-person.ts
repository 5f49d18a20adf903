// Whether an execution goes on by itself, or only when somebody does something.
import { listExecutions } from '../../api/contract/executions.ts'
import type { NodeRun } from '../../api/contract/node-runs.ts'
import type { Client } from '../../client/client.ts'
import type { Picture } from './picture.ts'
import { readPicture } from './read-picture.ts'

const deepest = 16

/** Nothing runs, and nothing comes by itself: no time, no event, no other execution that is under way. */
export async function needsPerson(client: Client, picture: Picture, depth = 0): Promise<boolean> {
  const { head, runs } = picture
  if (head.status === 'paused') return head.waiting
  if (head.status !== 'running' || !head.waiting) return false
  const all = [...runs.values()]
  if (all.some(comesByItself)) return false
  const waitsForChild = all.some(({ status, wait }) => status === 'waiting' && wait?.for === 'child')
  return !waitsForChild || (depth < deepest && childrenNeedPerson(client, head.id, depth + 1))
}

function comesByItself({ status, wait }: NodeRun): boolean {
  if (status === 'retrying' || status === 'queued') return true
  return status === 'waiting' && (wait?.for === 'time' || wait?.for === 'event')
}

async function childrenNeedPerson(client: Client, parent: string, depth: number): Promise<boolean> {
  const query = { parent, status: 'queued,running,paused', limit: 200 }
  const { items } = await client.call(listExecutions, { query })
  for (const { id } of items) {
    if (!(await needsPerson(client, await readPicture(client, id), depth))) return false
  }
  // None: it is about to begin, or has just ended.
  return items.length > 0
}
