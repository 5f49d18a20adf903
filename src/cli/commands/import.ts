import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { publishWorkflow, saveDraft } from '../../api/contract/workflows.ts'
import type { Client } from '../../client/client.ts'
import { AppError } from '../../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { parseDocumentText } from '../../core/print/parse-text.ts'
import { given } from '../given.ts'
import { type Io, paint, print, printJson } from '../io.ts'
import { withLink } from '../link/with-link.ts'
import { failureOf } from '../report-error.ts'

interface Options {
  publish?: boolean
  note?: string
  as: string
  json?: boolean
}

interface Imported {
  file: string
  workflow?: string
  version?: number
  published: boolean
  /** What stands in the way of publishing. */
  problems: { message: string; pointer: string; node?: string }[]
  error?: { code: string; detail: string }
}

export function addImport(program: Command, io: Io): void {
  program
    .command('import')
    .description('save workflows from YAML or JSON as drafts')
    .argument('<path>', 'a file, or a folder with .yaml, .yml and .json files')
    .option('--publish', 'publish them, too')
    .option('--note <text>', 'what changed')
    .option('--as <user>', 'without FERMATA_URL: import as this user', 'admin')
    .option('--json', 'print what became of each file as JSON')
    .action((path: string, options: Options) =>
      withLink(io, { works: 'never', actAs: options.as }, async ({ client }) => {
        const documents = await readDocuments(path)
        const done: Imported[] = []
        for (const document of documents) done.push(await importOne(client, document, options))
        if (options.json) printJson(io, done)
        else for (const one of done) describe(io, one, options)
        return done.some(({ error, published }) => error || (options.publish && !published)) ? 1 : 0
      }),
    )
}

interface Source {
  file: string
  document: JsonObject
}

/** Sub-workflows first: others refer to them. */
async function readDocuments(path: string): Promise<Source[]> {
  const files = (await isFolder(path)) ? await listFiles(path) : [path]
  const sources = await Promise.all(files.map(readDocument))
  return sources.sort((a, b) => Number(b.document.kind === 'sub') - Number(a.document.kind === 'sub'))
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((cause: Error) => {
    throw new AppError('not-found', `${path} cannot be read: ${cause.message}`, { cause })
  })
  return found.isDirectory()
}

async function listFiles(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /\.(ya?ml|json)$/i.test(name)).sort()
  if (names.length > 0) return names.map((name) => join(folder, name))
  throw new AppError('not-found', `${folder} holds no .yaml, .yml or .json file`)
}

async function readDocument(file: string): Promise<Source> {
  const text = await readFile(file, 'utf8')
  const document = parseText(file, text)
  if (isJsonObject(document) && typeof document.key === 'string') return { file, document }
  throw new AppError('invalid-document', `${file} is no workflow: it has no key.`, { pointer: '/key' })
}

function parseText(file: string, text: string): Json {
  try {
    return parseDocumentText(text) as Json
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause
    throw new AppError(cause.code, `${file}: ${cause.message}`, { ...cause.details, cause })
  }
}

async function importOne(client: Client, { file, document }: Source, options: Options): Promise<Imported> {
  const key = String(document.key)
  const note = given({ note: options.note })
  const base = { file, workflow: key, published: false }
  try {
    const saved = await client.call(saveDraft, { params: { key }, body: { document, ...note } })
    const { problems, version } = saved
    const draft = { ...base, version: version.version, problems }
    if (!options.publish || problems.length > 0) return draft
    const { version: published } = await client.call(publishWorkflow, { params: { key }, body: note })
    return { ...draft, version: published, published: true }
  } catch (error) {
    const { code, detail, problems = [] } = failureOf(error)
    return { ...base, problems: [...problems], error: { code, detail } }
  }
}

function describe(io: Io, imported: Imported, { publish = false }: Options): void {
  const { file, workflow, version, published, problems, error } = imported
  const failed = error !== undefined || (publish && !published)
  const sign = failed ? paint(io.stdout, 'red', '✖') : paint(io.stdout, 'green', '✔')
  const state = published ? 'published' : 'draft'
  const what = error ? `${error.detail} (${error.code})` : `${workflow} version ${version}, ${state}`
  print(io, `${sign} ${file}: ${what}`)
  if (!error || problems.length > 1) {
    for (const problem of problems) print(io, `    ${problem.pointer}: ${problem.message}`)
  }
}
