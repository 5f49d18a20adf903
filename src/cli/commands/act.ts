import { Argument, type Command } from 'commander'
import {
  pauseExecution,
  resumeExecution,
  retryExecution,
  terminateExecution,
} from '../../api/contract/executions.ts'
import {
  chooseRun,
  completeRun,
  listNodeRuns,
  rebindRun,
  retryRun,
  skipRun,
} from '../../api/contract/node-runs.ts'
import type { Client } from '../../client/client.ts'
import { AppError } from '../../core/errors.ts'
import { isJsonObject, type Json } from '../../core/json.ts'
import { nodeOf } from '../../core/run-id.ts'
import { askWhy } from '../ask-why.ts'
import { confirmSeen } from '../confirm-risks.ts'
import { given } from '../given.ts'
import { type Io, print } from '../io.ts'
import { withLink } from '../link/with-link.ts'
import { collect, readJson } from '../read-options.ts'
import { afterAct, type WatchFlags } from '../watch/carry-on.ts'

interface Options extends WatchFlags {
  reason?: string
  output?: Json
  port?: string
  record?: string[]
  config?: Json
  as: string
}

interface Wanted {
  id: string
  run: string | undefined
  runs: readonly string[]
  options: Options
}

type Perform = (client: Client, wanted: Wanted, io: Io) => Promise<unknown>

const ofExecution = (route: typeof pauseExecution | typeof resumeExecution): Perform => {
  return (client, { id, options }) => client.call(route, { params: { id }, body: reasonOf(options) })
}

const acts: Record<string, Perform> = {
  pause: ofExecution(pauseExecution),
  resume: ofExecution(resumeExecution),
  terminate: async (client, { id, options: { reason } }, io) => {
    const body = { reason: await askWhy(io, 'terminate', reason) }
    return client.call(terminateExecution, { params: { id }, body })
  },
  retry: (client, wanted) => (wanted.run === undefined ? retryAll(client, wanted) : retryOne(client, wanted)),
  skip: async (client, wanted, io) => {
    const params = at(wanted)
    const { reason } = wanted.options
    const mayOmit = reason === undefined && (await isWait(client, params))
    const body = mayOmit ? {} : { reason: await askWhy(io, 'skip', reason) }
    return client.call(skipRun, { params, body })
  },
  complete: async (client, wanted, io) => {
    const params = at(wanted)
    const { reason, output, port } = wanted.options
    const body = { reason: await askWhy(io, 'complete', reason), ...given({ output, port }) }
    return client.call(completeRun, { params, body })
  },
  choose: async (client, wanted, io) => {
    const params = at(wanted)
    const { port, reason } = wanted.options
    if (port === undefined) throw new AppError('bad-request', 'Say which way to take: --port <name>')
    return client.call(chooseRun, { params, body: { reason: await askWhy(io, 'choose', reason), port } })
  },
  rebind: (client, wanted) => {
    const { record: records = [] } = wanted.options
    return client.call(rebindRun, { params: at(wanted), body: { ...reasonOf(wanted.options), records } })
  },
  confirm: (client, { id, runs, options: { reason } }, io) =>
    confirmSeen(io, client, { id, names: runs, reason }),
}

export function addAct(program: Command, io: Io): void {
  program
    .command('act')
    .description('do something to an execution or one of its node runs; see what is possible with show')
    .argument('<id>', 'id of the execution')
    .addArgument(new Argument('<act>', 'what to do').choices(Object.keys(acts)))
    .argument(
      '[node run...]',
      "e.g. 'restart[pay-03]'; retry without one retries all that failed, confirm without one asks",
    )
    .option('--reason <text>', 'why; kept with the execution; asked for in a terminal where it must be said')
    .option('--output <json>', 'with complete: the output', readJson)
    .option('--port <name>', 'with complete and choose: the way on')
    .option('--record <id>', 'with retry and rebind: these records; may be repeated', collect)
    .option('--config <json>', 'with retry: settings to use instead', readJson)
    .option('--watch', 'then draw it live, as run does')
    .option('--stay', 'with --watch: keep watching when a person is needed')
    .option('--as <user>', 'without FERMATA_URL: act as this user', 'admin')
    .option('--json', 'print what became of it as JSON')
    .action((id: string, act: string, runs: string[], options: Options) =>
      withLink(io, { works: options.watch ? 'always' : 'alone', actAs: options.as }, async (link) => {
        const wanted = { id, run: onlyOne(act, runs), runs, options }
        const done = await acts[act]?.(link.client, wanted, io)
        if (!options.json) print(io, `Done: ${act} ${runs.length > 0 ? runs.join(' ') : `execution ${id}`}`)
        return afterAct(io, link, { id, done, flags: options })
      }),
    )
}

/** Only what was found risky is done to several at once. */
function onlyOne(act: string, runs: readonly string[]): string | undefined {
  if (runs.length <= 1 || act === 'confirm') return runs[0]
  throw new AppError('bad-request', `Name one node run to ${act}.`)
}

function at({ id, run }: Wanted): { id: string; run: string } {
  if (run !== undefined) return { id, run }
  throw new AppError('bad-request', `Name the node run; npm run fermata -- show ${id} lists them.`)
}

const reasonOf = ({ reason }: Options) => given({ reason })

/** Cutting a wait short need not say why. */
async function isWait(client: Client, { id, run }: { id: string; run: string }): Promise<boolean> {
  const query = { node: nodeOf(run), last: true }
  const { items } = await client.call(listNodeRuns, { params: { id }, query })
  return items.some((item) => item.id === run && item.status === 'waiting')
}

function retryAll(client: Client, { id, options }: Wanted) {
  if (options.record || options.config) {
    throw new AppError('bad-request', 'Name the node run whose records or config you mean.')
  }
  return client.call(retryExecution, { params: { id }, body: reasonOf(options) })
}

function retryOne(client: Client, wanted: Wanted) {
  const { record: records, config = null } = wanted.options
  if (config !== null && !isJsonObject(config))
    throw new AppError('bad-request', '--config must be an object.')
  const body = given({ reason: wanted.options.reason, records, config: config ?? undefined })
  return client.call(retryRun, { params: at(wanted), body })
}
