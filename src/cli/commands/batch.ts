import { type Command, Option } from 'commander'
import {
  type Batch,
  type BatchTarget,
  batchStates,
  getBatch,
  listBatches,
  listBatchTargets,
  pauseBatch,
  resumeBatch,
  retryBatch,
  stopBatch,
} from '../../api/contract/batches.ts'
import type { Client } from '../../client/client.ts'
import { asOption } from '../as-option.ts'
import { askWhy } from '../ask-why.ts'
import { given } from '../given.ts'
import { type Io, paint, print, printJson } from '../io.ts'
import { withLink } from '../link/with-link.ts'
import { printList } from '../print-list.ts'
import { readInteger } from '../read-options.ts'
import { table } from '../table.ts'
import { batchCounts, batchLook, commandOf, stopRuleText } from '../watch/batch-words.ts'
import { mustWatch } from '../watch/carry-on.ts'
import { watchBatch } from '../watch/watch-batch.ts'
import { addBatchStart } from './batch-start.ts'

interface Options {
  as: string
  json?: boolean
}

interface ListOptions extends Options {
  state?: Batch['state']
  workflow?: string
  limit: number
}

interface ActOptions extends Options {
  reason?: string
  terminate?: boolean
  watch?: boolean
}

export function addBatch(program: Command, io: Io): void {
  const batch = program.command('batch').description('one workflow on many targets')
  addBatchStart(batch, io)
  addList(batch, io)
  addShow(batch, io)
  addWatch(batch, io)
  for (const verb of ['retry', 'pause', 'resume', 'stop'] as const) addAct(batch, io, verb)
}

function addList(batch: Command, io: Io): void {
  batch
    .command('list')
    .description('list batches, newest first')
    .addOption(new Option('--state <state>', 'only these').choices(batchStates))
    .option('--workflow <key>', 'only of this workflow')
    .option('--limit <number>', 'how many', readInteger(1, 200), 20)
    .option(...asOption)
    .option('--json', 'print them as JSON')
    .action(({ json = false, as, ...query }: ListOptions) =>
      withLink(io, { works: 'reads', actAs: as }, async ({ client }) => {
        const page = await client.call(listBatches, { query })
        printList(io, page, { json, row: (item) => row(io, item) })
        return 0
      }),
    )
}

function row({ stdout }: Io, batch: Batch): string[] {
  const { style, word } = batchLook(batch)
  return [
    batch.id,
    paint(stdout, style, word),
    `${batch.workflow} v${batch.version}`,
    batchCounts(batch),
    batch.owner,
    batch.createdAt,
  ]
}

function addShow(batch: Command, io: Io): void {
  batch
    .command('show')
    .description('show a batch and its targets')
    .argument('<id>', 'id of the batch')
    .option('--status <statuses>', 'only these targets, comma separated: not-started,running,failed …')
    .option('--limit <number>', 'how many targets', readInteger(1, 5000), 50)
    .option(...asOption)
    .option('--json', 'print both as JSON')
    .action((id: string, { json = false, as, ...rest }: Options & { status?: string; limit: number }) =>
      withLink(io, { works: 'reads', actAs: as }, async ({ client }) => {
        const params = { id }
        const found = await client.call(getBatch, { params })
        const { items: targets } = await client.call(listBatchTargets, { params, query: given(rest) })
        if (json) printJson(io, { ...found, targets })
        else show(io, found, targets)
        return 0
      }),
    )
}

function show(io: Io, batch: Batch, targets: readonly BatchTarget[]): void {
  const { id, workflow, version, parallel, owner, reason, acts, conditions } = batch
  const { style, word } = batchLook(batch)
  print(io, `Batch ${id}  ${paint(io.stdout, style, word)}  ${workflow} v${version}  ${batchCounts(batch)}`)
  print(io, `At a time: ${parallel}. Starts no more: ${stopRuleText(batch)}. Owner: ${owner}.`)
  if (conditions.length > 0) print(io, `Conditions: ${conditions.join(', ')}`)
  if (reason !== undefined) print(io, `Reason: ${reason}`)
  const rows = targets.map(({ status, attention, label, execution, attempt, reason: why }) => [
    attention ? `${status}, needs attention` : status,
    label,
    execution ? `execution ${execution}` : '',
    attempt > 1 ? `attempt ${attempt}` : '',
    why ?? '',
  ])
  for (const line of table(rows)) print(io, line)
  for (const act of acts) print(io, `  npm run fermata -- ${commandOf(act, id)}`)
}

function addWatch(batch: Command, io: Io): void {
  batch
    .command('watch')
    .description('follow a batch; exit 0 when all completed, 2 when a person is needed, else 1')
    .argument('<id>', 'id of the batch')
    .option(...asOption)
    .option('--json', 'print it as JSON in the end')
    .action((id: string, { json = false, as }: Options) =>
      withLink(io, { works: 'alone', actAs: as }, (link) => watchBatch(io, link, { id, json })),
    )
}

const acts = {
  retry: { text: 'run again what failed, was canceled or refused', done: 'runs again what failed' },
  pause: { text: 'start no more for now; what is under way goes on', done: 'is paused' },
  resume: { text: 'go on after a pause or a stop', done: 'goes on' },
  stop: { text: 'start no more', done: 'is stopped' },
} as const
type Verb = keyof typeof acts

function addAct(batch: Command, io: Io, verb: Verb): void {
  const { text, done } = acts[verb]
  const command = batch.command(verb).description(text).argument('<id>', 'id of the batch')
  command.option('--reason <text>', 'why; kept with the batch')
  if (verb === 'stop') command.option('--terminate', 'also terminate what is under way')
  if (verb === 'retry' || verb === 'resume') command.option('--watch', 'then follow it')
  command
    .option(...asOption)
    .option('--json', 'print what became of it as JSON')
    .action((id: string, options: ActOptions) =>
      withLink(io, { works: verb === 'pause' ? 'never' : 'alone', actAs: options.as }, async (link) => {
        const { json = false, watch = false } = options
        const answer = await send(io, link.client, { verb, id, options })
        if (!json) print(io, `Batch ${id} ${done}.`)
        // Without a server only this process carries it on, and terminates what is under way.
        if (verb !== 'pause' && mustWatch(link, { watch })) {
          const code = await watchBatch(io, link, { id, json })
          return watch ? code : 0
        }
        if (json) printJson(io, answer)
        return 0
      }),
    )
}

interface Sent {
  verb: Verb
  id: string
  options: ActOptions
}

async function send(io: Io, client: Client, { verb, id, options }: Sent) {
  const { reason, terminate } = options
  const call = { params: { id }, body: given({ reason }) }
  switch (verb) {
    case 'retry':
      return client.call(retryBatch, call)
    case 'pause':
      return client.call(pauseBatch, call)
    case 'resume':
      return client.call(resumeBatch, call)
    case 'stop':
      return client.call(stopBatch, {
        ...call,
        body: { reason: await askWhy(io, 'stop', reason), ...given({ terminate }) },
      })
  }
}
