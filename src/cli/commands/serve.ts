import type { Command } from 'commander'
import { readConfig } from '../../config.ts'
import { type RunningServer, startServer } from '../../server.ts'
import { createLog } from '../create-log.ts'
import { giveMemoryBackWhenIdle } from '../give-memory-back.ts'
import { type Io, paint, print, printJson } from '../io.ts'
import { packageVersion } from '../package-version.ts'
import { waitForStop } from '../wait-for-stop.ts'

interface Options {
  empty?: boolean
  json?: boolean
}

export function addServe(program: Command, io: Io): void {
  program
    .command('serve')
    .description('start the server and stay until Ctrl-C')
    .option('--empty', 'leave an empty database empty: no demo world')
    .option('--json', 'print where it answers as JSON')
    .action((options: Options) => serve(io, options))
}

async function serve(io: Io, { empty = false, json = false }: Options): Promise<void> {
  const stopped = waitForStop(io)
  const version = packageVersion()
  const config = readConfig(io.env)
  const log = createLog({ level: config.logLevel, format: config.logFormat })
  const server = await startServer(config, { version, log, empty })
  if (json) printJson(io, { url: server.url, link: server.link, data: server.data })
  else print(io, welcome(io, server, version))
  giveMemoryBackWhenIdle()
  await stopped
  await server.close()
}

function welcome({ stdout }: Io, server: RunningServer, version: string): string {
  const row = (name: string, text: string) => `  ${paint(stdout, 'dim', name.padEnd(9))}${text}`
  const once = paint(stdout, 'dim', '(once)')
  return [
    '',
    `  ${paint(stdout, 'bold', `𝄐 Fermata ${version}`)}`,
    '',
    server.url ? row('Open', paint(stdout, 'cyan', server.url)) : row('Works', 'without answering requests'),
    ...(server.link ? [row('Sign in', `${paint(stdout, 'cyan', server.link)} ${once}`)] : []),
    row('Data', `${server.data} (PostgreSQL ${server.databaseVersion})`),
    ...(server.demo ? [row('Demo', 'a small data centre on this machine; its past is being made')] : []),
    row('Stop', 'Ctrl-C'),
    '',
  ].join('\n')
}
