// An execution with its node runs; may be asked for before the page that shows it is there.
import { type ExecutionDetail, getExecution } from '../../api/contract/executions.ts'
import { listNodeRuns, type NodeRun } from '../../api/contract/node-runs.ts'
import { api } from './client.ts'

export interface ReadExecution {
  execution: ExecutionDetail
  runs: NodeRun[]
}

let ahead: { id: string; read: Promise<ReadExecution> } | undefined

/** The page's code comes while its data do. */
export function readAhead(id: string): void {
  const read = readNow(id)
  // Who takes it up learns of a failure by asking again.
  read.catch(() => undefined)
  ahead = { id, read }
}

/** What was read ahead is used once. */
export async function readExecution(id: string, signal: AbortSignal): Promise<ReadExecution> {
  const known = ahead?.id === id ? ahead.read : undefined
  ahead = undefined
  return (await known?.catch(() => undefined)) ?? readNow(id, signal)
}

async function readNow(id: string, signal?: AbortSignal): Promise<ReadExecution> {
  const options = signal ? { signal } : {}
  // The head first: what changes while the runs are read comes again with the events.
  const execution = await api.call(getExecution, { params: { id } }, options)
  const runs: NodeRun[] = []
  let cursor: string | undefined
  do {
    const query = { limit: 2000, ...(cursor === undefined ? {} : { cursor }) }
    const page = await api.call(listNodeRuns, { params: { id }, query }, options)
    runs.push(...page.items)
    cursor = page.next
  } while (cursor !== undefined)
  return { execution, runs }
}
