import type { Command } from 'commander'
import { type ExecutionHead, startExecution } from '../../api/contract/executions.ts'
import { listTargets } from '../../api/contract/previews.ts'
import { getVersion, getWorkflow } from '../../api/contract/workflows.ts'
import type { Client } from '../../client/client.ts'
import type { WorkflowDocument } from '../../core/document.ts'
import { AppError } from '../../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { given } from '../given.ts'
import { type Io, print, printJson } from '../io.ts'
import { withLink } from '../link/with-link.ts'
import { collect, readInteger } from '../read-options.ts'
import { carryOn, mustWatch, type WatchFlags } from '../watch/carry-on.ts'

interface Options extends WatchFlags {
  target?: string
  input: string[]
  version?: number
  empty?: boolean
  as: string
}

export function addRun(program: Command, io: Io): void {
  program
    .command('run')
    .description('start a workflow; works with and without a running server')
    .argument('<workflow>', 'key of the workflow')
    .option('--target <record>', 'the record to work on: its id or name, or collection/id')
    .option(
      '--input <name=value>',
      'an input, text or JSON as the workflow asks; may be repeated',
      collect,
      [],
    )
    .option('--version <number>', 'this version instead of the published one', readInteger(1, 2 ** 31 - 1))
    .option('--watch', 'draw it live; exit 0 when it completed, 2 when a person is needed, else 1')
    .option('--stay', 'with --watch: keep watching when a person is needed (a terminal always does)')
    .option('--empty', 'without a server: make no demo world in an empty database')
    .option('--as <user>', 'without FERMATA_URL: start it as this user', 'admin')
    .option('--json', 'print the execution as JSON')
    .action((workflow: string, options: Options) =>
      withLink(io, { works: 'always', demo: !options.empty, actAs: options.as }, async (link) => {
        const { id, status } = await start(link.client, workflow, options)
        if (mustWatch(link, options)) {
          if (!options.json) print(io, `Execution ${id} started`)
          return carryOn(io, link, { ...options, id })
        }
        if (options.json) printJson(io, { id, status })
        else print(io, `Execution ${id} started. Follow it: npm run fermata -- show ${id}`)
        return 0
      }),
    )
}

async function start(client: Client, workflow: string, options: Options): Promise<ExecutionHead> {
  const { version } = options
  const document = await readDocument(client, workflow, version)
  const target = options.target === undefined ? undefined : await findTarget(client, document, options.target)
  return client.call(startExecution, {
    body: given({
      workflow,
      trigger: 'cli' as const,
      inputs: readInputs(document, options.input),
      target,
      version,
    }),
  })
}

export async function readDocument(client: Client, key: string, version?: number): Promise<WorkflowDocument> {
  const found =
    version === undefined
      ? await client.call(getWorkflow, { params: { key } })
      : await client.call(getVersion, { params: { key, version } })
  return found.document
}

/** By id or label; what fits nothing is sent as it is, so that the server says why. */
async function findTarget(
  client: Client,
  { key, target }: WorkflowDocument,
  text: string,
): Promise<{ collection: string; id: string }> {
  const slash = text.indexOf('/')
  if (slash > 0) return { collection: text.slice(0, slash), id: text.slice(slash + 1) }
  if (!target) throw new AppError('invalid-inputs', `The workflow ${key} works on no target.`)
  const { collection } = target
  const { items } = await client.call(listTargets, { params: { key }, query: { q: text, limit: 200 } })
  const found = items.find(({ id }) => id === text) ?? only(items.filter(({ label }) => label === text))
  if (found) return { collection, id: found.id }
  const others = (await client.call(listTargets, { params: { key }, query: { limit: 10 } })).items
  const names = others.map(({ id }) => id).join(', ')
  const known = names ? ` There are: ${names}${others.length === 10 ? ' …' : ''}` : ''
  throw new AppError('not-found', `${key} cannot be run on '${text}': no such ${collection}.${known}`)
}

function only<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined
}

export function readInputs({ inputs }: WorkflowDocument, pairs: readonly string[]): JsonObject {
  const properties = isJsonObject((inputs?.properties ?? null) as Json)
    ? (inputs?.properties as JsonObject)
    : {}
  const entries = pairs.map((pair) => {
    const equals = pair.indexOf('=')
    if (equals <= 0) throw new AppError('invalid-inputs', `--input is written name=value, not '${pair}'.`)
    const name = pair.slice(0, equals)
    return [name, readInput(name, pair.slice(equals + 1), properties[name])] as const
  })
  return Object.fromEntries(entries)
}

/** Text where the schema wants text; JSON where it wants something else; where it says nothing, JSON if it is JSON. */
function readInput(name: string, text: string, schema: Json | undefined): Json {
  const type = isJsonObject(schema ?? null) ? (schema as JsonObject).type : undefined
  if (type === 'string') return text
  try {
    return JSON.parse(text) as Json
  } catch {
    if (type === undefined) return text
    throw new AppError('invalid-inputs', `The input ${name} must be JSON (${String(type)}), not '${text}'.`)
  }
}
