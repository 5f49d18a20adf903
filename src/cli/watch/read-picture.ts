// An execution as it is now.
import { getExecution } from '../../api/contract/executions.ts'
import { listNodeRuns, type NodeRun } from '../../api/contract/node-runs.ts'
import type { Client } from '../../client/client.ts'
import { addDetails } from './details.ts'
import { addRuns, newPicture, type Picture } from './picture.ts'

export async function readPicture(client: Client, id: string): Promise<Picture> {
  const picture = newPicture(await client.call(getExecution, { params: { id } }))
  const runs = await readRuns(client, id)
  addRuns(picture, runs)
  await addDetails(client, picture, runs)
  return picture
}

/** The last attempt of every run. */
export async function readRuns(client: Client, id: string): Promise<NodeRun[]> {
  const runs: NodeRun[] = []
  let cursor: string | undefined
  do {
    const query = { last: true, limit: 2000, ...(cursor ? { cursor } : {}) }
    const page = await client.call(listNodeRuns, { params: { id }, query })
    runs.push(...page.items)
    cursor = page.next
  } while (cursor)
  return runs
}
