// Follows a batch in the terminal until it ends, needs a person, or the person leaves.
import { setTimeout as pause } from 'node:timers/promises'
import { type Batch, getBatch, listBatchTargets, mostTargets } from '../../api/contract/batches.ts'
import type { Client } from '../../client/client.ts'
import { type Io, note, paint, print, printJson } from '../io.ts'
import type { Link } from '../link/open-link.ts'
import { batchView } from './batch-view.ts'
import { allCompleted, commandOf, needsPerson } from './batch-words.ts'
import type { Offer } from './offers.ts'
import { printOffers } from './print-offers.ts'

const lookMs = 500
const mostNamed = 20

interface Watching {
  id: string
  /** Print nothing meanwhile, and the batch in the end. */
  json: boolean
}

/** Answers the exit code: 0 all completed, 2 a person is needed, 1 anything else. */
export async function watchBatch(io: Io, link: Link, { id, json }: Watching): Promise<number> {
  if (link.alone && !json)
    note(io, 'No server is running: this process carries the batch on until it ends or needs a person.')
  const leaving = new AbortController()
  const interrupt = () => leaving.abort()
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  try {
    const batch = await follow(link.client, id, {
      signal: leaving.signal,
      tell: json ? () => {} : batchView(io),
    })
    // What Ctrl-C shows stands on a line of its own.
    if (leaving.signal.aborted && io.stdout.isTTY) print(io, '')
    if (json) printJson(io, batch)
    else await conclude(io, link, batch)
    return exitCodeOf(batch)
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}

interface Following {
  signal: AbortSignal
  tell: (batch: Batch) => void
}

async function follow(client: Client, id: string, { signal, tell }: Following): Promise<Batch> {
  for (;;) {
    const batch = await client.call(getBatch, { params: { id } })
    tell(batch)
    if (batch.endedAt !== undefined || needsPerson(batch) || signal.aborted) return batch
    await pause(lookMs, undefined, { signal }).catch(() => undefined)
  }
}

async function conclude(io: Io, { client, alone, url }: Link, batch: Batch): Promise<void> {
  const { id, acts } = batch
  await nameFailed(io, client, id)
  if (batch.endedAt === undefined) {
    const goesOn = alone ? 'is kept and goes on as soon as Fermata runs again (npm start)' : 'goes on'
    print(io, `Batch ${id} ${needsPerson(batch) ? 'waits: a person is needed' : goesOn}.`)
  }
  await nameStuck(io, client, batch)
  if (url) print(io, `In the browser: ${url}/batches/${id}`)
  printOffers(io, [
    ...helpOf(batch),
    ...acts.map((act) => ({ label: labels[act], command: commandOf(act, id) })),
  ])
}

const labels: Record<Batch['acts'][number], string> = {
  pause: 'start no more for now',
  resume: 'go on with those not started',
  stop: 'start no more, for good',
  retry: 'run those again that failed',
}

function helpOf({ attention, asks }: Batch): Offer[] {
  return [
    ...(attention + asks > 0 ? [{ label: 'what holds one of them', command: 'show <execution>' }] : []),
    ...(asks > 0 ? [{ label: 'open tasks', command: 'tasks' }] : []),
  ]
}

async function nameFailed(io: Io, client: Client, id: string): Promise<void> {
  const query = { status: 'failed,error,rejected,refused', limit: mostNamed }
  const { items, next } = await client.call(listBatchTargets, { params: { id }, query })
  for (const { label, status, execution, reason } of items)
    print(
      io,
      `  ${paint(io.stdout, 'red', '✖')} ${label}  ${status}  ${execution ? `execution ${execution}` : (reason ?? '')}`,
    )
  if (next !== undefined)
    print(io, `  … all of them: npm run fermata -- batch show ${id} --status ${query.status}`)
}

/** Those that people have to help on, and by which command. */
async function nameStuck(io: Io, client: Client, { id, attention, asks }: Batch): Promise<void> {
  if (attention + asks === 0) return
  const query = { status: 'running,paused', limit: mostTargets }
  const { items } = await client.call(listBatchTargets, { params: { id }, query })
  const stuck = items.filter((target) => target.attention || target.asks)
  for (const { label, execution, attention: isHeld } of stuck.slice(0, mostNamed))
    print(
      io,
      `  ${paint(io.stdout, 'yellow', '!')} ${label}  ${isHeld ? 'held by a failed node' : 'waits for a person'}  execution ${execution}`,
    )
  if (stuck.length > mostNamed) print(io, `  … and ${stuck.length - mostNamed} more`)
}

function exitCodeOf(batch: Batch): number {
  if (needsPerson(batch)) return 2
  return allCompleted(batch) && batch.endedAt !== undefined ? 0 : 1
}
