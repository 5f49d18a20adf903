import type { Command } from 'commander'
import { type Config, readConfig } from '../../config.ts'
import { type RunningServer, startServer } from '../../server.ts'
import { createLog } from '../create-log.ts'
import { given } from '../given.ts'
import { type Io, paint, print, printJson } from '../io.ts'
import { packageVersion } from '../package-version.ts'
import { waitForStop } from '../wait-for-stop.ts'

interface Options {
  tags?: string
  onlyTagged?: boolean
  concurrency?: string
  json?: boolean
}

export function addWorker(program: Command, io: Io): void {
  program
    .command('worker')
    .description('run effects for the servers on a database, and stay until Ctrl-C')
    .option('--tags <tags>', 'also effects whose node asks for one of these (`runOn`), comma separated')
    .option('--only-tagged', 'leave effects that ask for no tag to others')
    .option('--concurrency <number>', 'effects at the same time')
    .option('--json', 'print what it does as JSON')
    .action((options: Options) => work(io, options))
}

async function work(io: Io, { tags, onlyTagged, concurrency, json = false }: Options): Promise<void> {
  const stopped = waitForStop(io)
  const version = packageVersion()
  const config = readConfig({
    ...io.env,
    ...given({
      FERMATA_ROLES: 'worker',
      FERMATA_TAGS: tags,
      FERMATA_UNTAGGED: onlyTagged ? '0' : undefined,
      FERMATA_CONCURRENCY: concurrency,
    }),
  })
  const log = createLog({ level: config.logLevel, format: config.logFormat })
  const worker = await startServer(config, { version, log, joins: true })
  const { untagged, healthPort } = config
  if (json) printJson(io, given({ data: worker.data, tags: config.tags, untagged, healthPort }))
  else print(io, welcome(io, worker, config))
  await stopped
  await worker.close()
}

function welcome({ stdout }: Io, worker: RunningServer, config: Config): string {
  const row = (name: string, text: string) => `  ${paint(stdout, 'dim', name.padEnd(9))}${text}`
  const kinds = [
    ...(config.tags.length > 0 ? [`effects that ask for ${config.tags.join(' or ')}`] : []),
    ...(config.untagged ? ['effects that ask for no tag'] : []),
  ]
  return [
    '',
    `  ${paint(stdout, 'bold', '𝄐 Fermata worker')}`,
    '',
    row('Runs', `${kinds.join(', and ') || 'nothing'}; ${config.concurrency} at a time`),
    row('Data', `${worker.data} (PostgreSQL ${worker.databaseVersion})`),
    row('Stop', 'Ctrl-C'),
    '',
  ].join('\n')
}
