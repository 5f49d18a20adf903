// What a person may do with an execution now, as one command each.
import { retryExecution } from '../../api/contract/executions.ts'
import { chooseRun, confirmRun, type NodeRun, retryRun, skipRun } from '../../api/contract/node-runs.ts'
import { approveTask, rejectTask, submitTask, type Task } from '../../api/contract/tasks.ts'
import type { Client } from '../../client/client.ts'
import { riskyRuns } from '../../client/risky-runs.ts'
import { ownerOf } from '../../core/run-id.ts'
import { seenName } from '../seen-name.ts'
import type { Picture } from './picture.ts'

export interface Offer {
  label: string
  /** What to type after `npm run fermata -- `. */
  command: string
  /** Absent when it needs more than a key: a form, an output. */
  perform?(client: Client, reason: string): Promise<unknown>
  /** The person writes the reason before it is performed. */
  asksWhy?: true
}

/** Beyond so many failed records the whole node is offered instead. */
const mostRecords = 3

/** Words a shell takes apart are quoted. */
export const quote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

export function offersOf(picture: Picture): Offer[] {
  const { head, tasks } = picture
  const fromTasks = [...tasks.values()].flatMap(offersOfTask)
  const retryable = tellingOf([...picture.runs.values()].filter(({ acts }) => acts.length > 0))
  const fromRuns = retryable.flatMap((run) => offersOfRun(head.id, run, tasks.has(run.id)))
  const several = retryable.filter(({ acts }) => acts.includes('retry')).length > 1
  const all = several && head.acts.includes('retry') ? [retryAll(head.id)] : []
  const risky = riskyRuns([...picture.runs.values()]).length
  const confirm = risky > 1 ? [confirmAll(head.id, risky)] : []
  const resume = head.acts.includes('resume') ? [{ label: 'go on', command: `act ${head.id} resume` }] : []
  return [...fromTasks, ...fromRuns, ...all, ...confirm, ...resume]
}

/** Of a bound node its failed records, or the node when they are many. */
function tellingOf(runs: readonly NodeRun[]): NodeRun[] {
  const items = (owner: string) => runs.filter(({ id }) => ownerOf(id) === owner).length
  return runs.filter(({ id }) => {
    const owner = ownerOf(id)
    const count = items(owner ?? id)
    return owner === undefined ? count === 0 || count > mostRecords : count <= mostRecords
  })
}

const retryAll = (id: string): Offer => ({
  label: 'retry all that failed',
  command: `act ${id} retry`,
  perform: (client, reason) => client.call(retryExecution, { params: { id }, body: { reason } }),
})

/** Not by a key: the command shows all of them first. */
const confirmAll = (id: string, count: number): Offer => ({
  label: `read what is risky in ${count} node runs, and run them`,
  command: `act ${id} confirm`,
})

/** To be filled in. */
const why = " --reason '…'"

function offersOfTask({ id, acts, kind, options = [], title }: Task): Offer[] {
  const at = { params: { id } }
  if (acts.includes('approve')) {
    return [
      {
        label: `approve: ${title}`,
        command: `task ${id} approve`,
        perform: (client) => client.call(approveTask, { ...at, body: {} }),
      },
      {
        label: 'reject',
        command: `task ${id} reject`,
        perform: (client) => client.call(rejectTask, { ...at, body: {} }),
      },
    ]
  }
  if (!acts.includes('submit')) return []
  if (kind !== 'choice') return [{ label: `answer: ${title}`, command: `task ${id} submit --data '{…}'` }]
  return options.map((port) => ({
    label: `choose ${port}: ${title}`,
    command: `task ${id} submit --port ${quote(port)}`,
    perform: (client) => client.call(submitTask, { ...at, body: { port } }),
  }))
}

function offersOfRun(
  execution: string,
  { id: run, acts, attempt, wait }: NodeRun,
  hasTask: boolean,
): Offer[] {
  const params = { id: execution, run }
  const guard = ownerOf(run) ? {} : { attempt }
  const command = (act: string) => `act ${execution} ${act} ${quote(run)}`
  const offers: Offer[] = []
  if (acts.includes('retry')) {
    const perform = (client: Client, reason: string) =>
      client.call(retryRun, { params, body: { reason, ...guard } })
    offers.push({ label: `retry ${run}`, command: command('retry'), perform })
  }
  if (acts.includes('skip') && (acts.includes('retry') || acts.includes('confirm'))) {
    const perform = (client: Client, reason: string) =>
      client.call(skipRun, { params, body: { reason, ...guard } })
    offers.push({ label: `skip ${run}`, command: command('skip') + why, perform, asksWhy: true })
  }
  if (acts.includes('confirm')) {
    const perform = (client: Client, reason: string) =>
      client.call(confirmRun, { params, body: { reason, attempt } })
    const seen = `act ${execution} confirm ${quote(seenName({ run, attempt }))}${why}`
    offers.push({ label: `run ${run} although it is risky`, command: seen, perform, asksWhy: true })
  }
  if (acts.includes('choose') && !hasTask) {
    for (const port of wait?.options ?? []) {
      const perform = (client: Client, reason: string) =>
        client.call(chooseRun, { params, body: { reason, ...guard, port } })
      const chosen = `${command('choose')} --port ${quote(port)}${why}`
      offers.push({ label: `choose ${port}`, command: chosen, perform, asksWhy: true })
    }
  }
  return offers
}
