import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { listSecrets, putSecret, removeSecret } from '../../api/contract/secrets.ts'
import { AppError } from '../../core/errors.ts'
import { given } from '../given.ts'
import { type Io, print, printJson } from '../io.ts'
import { withLink } from '../link/with-link.ts'
import { table } from '../table.ts'

interface Json {
  json?: boolean
}

export function addSecret(program: Command, io: Io): void {
  const secret = program.command('secret').description('secrets that connections use')
  secret
    .command('list')
    .description('list the names of the secrets')
    .option('--json', 'print them as JSON')
    .action(({ json = false }: Json) =>
      withLink(io, { works: 'reads' }, async ({ client }) => {
        const { items } = await client.call(listSecrets)
        const rows = items.map((row) => [
          row.name,
          row.changedAt.slice(0, 10),
          row.changedBy,
          row.description ?? '',
        ])
        if (json) printJson(io, items)
        else for (const line of table(rows)) print(io, line)
        return 0
      }),
    )
  secret
    .command('set')
    .description('create or replace a secret; its value is read from the standard input')
    .argument('<name>', 'a-z, 0-9, _ and -')
    .option('--description <text>', 'what it is for')
    .option('--json', 'print what became of it as JSON')
    .action(async (name: string, { description, json = false }: Json & { description?: string }) => {
      const value = await readValue(io)
      await withLink(io, { works: 'never' }, async ({ client }) => {
        await client.call(putSecret, { params: { name }, body: given({ value, description }) })
        done(io, json, { name, set: true })
        return 0
      })
    })
  secret
    .command('delete')
    .description('delete a secret')
    .argument('<name>', 'which one')
    .option('--json', 'print what became of it as JSON')
    .action((name: string, { json = false }: Json) =>
      withLink(io, { works: 'never' }, async ({ client }) => {
        await client.call(removeSecret, { params: { name } })
        done(io, json, { name, deleted: true })
        return 0
      }),
    )
}

/** Not an argument: those are seen in lists of processes and kept by shells. */
async function readValue({ stdin }: Io): Promise<string> {
  if (stdin.isTTY)
    throw new AppError('bad-request', 'Give the value on the standard input: … secret set name < file')
  return (await text(stdin)).replace(/\r?\n$/, '')
}

function done(io: Io, json: boolean, result: { name: string; set?: true; deleted?: true }): void {
  if (json) printJson(io, result)
  else print(io, result.set ? `The secret ${result.name} is set.` : `The secret ${result.name} is deleted.`)
}
