import { type Command, InvalidArgumentError } from 'commander'
import { createBatch, mostTargets, searchTargets } from '../../api/contract/batches.ts'
import type { Client } from '../../client/client.ts'
import { AppError } from '../../core/errors.ts'
import { given } from '../given.ts'
import { type Io, print, printJson } from '../io.ts'
import type { Link } from '../link/open-link.ts'
import { withLink } from '../link/with-link.ts'
import { collect, readInteger } from '../read-options.ts'
import { table } from '../table.ts'
import { mustWatch } from '../watch/carry-on.ts'
import { watchBatch } from '../watch/watch-batch.ts'
import { readDocument, readInputs } from './run.ts'

interface Options {
  where: string[]
  search?: string
  target: string[]
  all?: boolean
  parallel: number
  stopAfter?: StopRule
  input: string[]
  version?: number
  dryRun?: boolean
  watch?: boolean
  as: string
  json?: boolean
}

export function addBatchStart(batch: Command, io: Io): void {
  batch
    .command('start')
    .description('run a workflow on the targets that are named, or on all that a search finds')
    .argument('<workflow>', 'key of the workflow')
    .option(
      '--where <path>',
      'only targets from which this path leads on, e.g. "host[zone = \'eu\']"; may be repeated',
      collect,
      [],
    )
    .option('--search <words>', 'only targets with these words in the name or a text field')
    .option('--target <record>', 'this target, by its id or name; may be repeated', collect, [])
    .option('--all', 'every target the workflow may be run on')
    .option('--parallel <number>', 'so many at a time', readInteger(1, 200), 10)
    .option(
      '--stop-after <failures>',
      'start no more when more have failed: a number, or a share of all targets such as 10%',
      readStopRule,
    )
    .option(
      '--input <name=value>',
      'an input, the same for all targets, text or JSON; may be repeated',
      collect,
      [],
    )
    .option('--version <number>', 'this version instead of the published one', readInteger(1, 2 ** 31 - 1))
    .option('--dry-run', 'print the targets, and start nothing')
    .option('--watch', 'follow it; exit 0 when all completed, 2 when a person is needed, else 1')
    .option('--as <user>', 'without FERMATA_URL: start it as this user', 'admin')
    .option('--json', 'print the batch as JSON')
    .action((workflow: string, options: Options) =>
      withLink(io, { works: options.dryRun ? 'reads' : 'alone', actAs: options.as }, (link) =>
        start(io, link, { workflow, options }),
      ),
    )
}

interface StopRule {
  stopCount?: number
  stopPercent?: number
}

export function readStopRule(text: string): StopRule {
  const [, digits, percent] = /^(\d{1,4})(%?)$/.exec(text) ?? []
  const number = Number(digits)
  if (digits === undefined || number > (percent ? 100 : mostTargets)) {
    throw new InvalidArgumentError(`It must be a number up to ${mostTargets}, or a share such as 10%.`)
  }
  return percent ? { stopPercent: number } : { stopCount: number }
}

interface Wanted {
  workflow: string
  options: Options
}

async function start(io: Io, link: Link, { workflow, options }: Wanted): Promise<number> {
  const { json = false, version, parallel, stopAfter = {}, where: conditions } = options
  const targets = await findTargets(link.client, { workflow, options })
  if (options.dryRun) {
    if (json) printJson(io, { targets })
    else for (const line of table(targets.map(({ id, label }) => [id, label]))) print(io, line)
    return 0
  }
  const document = await readDocument(link.client, workflow, version)
  const batch = await link.client.call(createBatch, {
    body: given({
      ...{ workflow, version, conditions, parallel, ...stopAfter },
      targets: targets.map(({ id }) => id),
      inputs: readInputs(document, options.input),
    }),
  })
  const { id } = batch
  if (mustWatch(link, options)) {
    if (!json) print(io, `Batch ${id} started on ${targets.length} targets`)
    return watchBatch(io, link, { id, json })
  }
  if (json) printJson(io, batch)
  else
    print(
      io,
      `Batch ${id} started on ${targets.length} targets. Follow it: npm run fermata -- batch watch ${id}`,
    )
  return 0
}

type Found = { id: string; label: string }

/** Those named, in their order; else what the search finds. Nobody runs on everything by leaving something out. */
async function findTargets(client: Client, { workflow, options }: Wanted): Promise<Found[]> {
  const { where: conditions, search: q, target: named, all = false, version } = options
  const isSearch = conditions.length > 0 || q !== undefined
  if (!isSearch && named.length === 0 && !all) {
    throw new AppError('bad-request', 'Say on what: --target, --where, --search, or --all.')
  }
  const body = given({ workflow, version, q, conditions })
  const { items, truncated, collection } = await client.call(searchTargets, { body })
  if (named.length > 0) return named.map((text) => pick(items, text, collection))
  if (items.length === 0) throw new AppError('not-found', `No ${collection} fits. Loosen the conditions.`)
  if (truncated) {
    throw new AppError('limit-exceeded', `More than ${mostTargets} fit. Narrow the search.`)
  }
  return items
}

/** By id, or by a name that only one has. */
function pick(items: readonly Found[], text: string, collection: string): Found {
  const labelled = items.filter(({ label }) => label === text)
  const found = items.find(({ id }) => id === text) ?? (labelled.length === 1 ? labelled[0] : undefined)
  if (found) return found
  throw new AppError('not-found', `There is no ${collection} '${text}' on which this workflow may be run.`)
}
