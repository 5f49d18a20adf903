import type { Command } from 'commander'
import { forgetKnownHost, listKnownHosts } from '../../api/contract/known-hosts.ts'
import { type Io, print, printJson } from '../io.ts'
import { withLink } from '../link/with-link.ts'
import { readInteger } from '../read-options.ts'
import { table } from '../table.ts'

export function addKnownHost(program: Command, io: Io): void {
  const knownHost = program.command('known-host').description('recorded host keys of SSH servers')
  knownHost
    .command('list')
    .description('list SSH servers whose host keys are recorded')
    .option('--json', 'print them as JSON')
    .action(({ json = false }: { json?: boolean }) =>
      withLink(io, { works: 'reads' }, async ({ client }) => {
        const { items } = await client.call(listKnownHosts)
        const rows = items.map((row) => [
          `${row.host}:${row.port}`,
          row.fingerprint,
          row.addedAt.slice(0, 10),
        ])
        if (json) printJson(io, items)
        else for (const line of table(rows)) print(io, line)
        return 0
      }),
    )
  knownHost
    .command('forget')
    .description('forget a host key, so that the next one is recorded')
    .argument('<host>', 'name or address, as it is listed')
    .option('--port <number>', 'port', readInteger(1, 65_535), 22)
    .option('--json', 'print what became of it as JSON')
    .action((host: string, { port, json = false }: { port: number; json?: boolean }) =>
      withLink(io, { works: 'never' }, async ({ client }) => {
        await client.call(forgetKnownHost, { params: { host, port } })
        if (json) printJson(io, { host, port, forgotten: true })
        else print(io, `The key of ${host}:${port} is forgotten; the next connection records it anew.`)
        return 0
      }),
    )
}
