import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Config } from '../../config.ts'
import { AppError } from '../../core/errors.ts'
import { type MadeBackup, makeBackup } from '../../store/backup/make-backup.ts'
import { sizeText } from '../doctor/inspect-folder.ts'
import { type Io, note, print, printJson } from '../io.ts'
import { withDatabase } from '../link/with-database.ts'

interface Options {
  withKey?: boolean
  json?: boolean
}

export function addBackup(program: Command, io: Io): void {
  program
    .command('backup')
    .description('write everything into one file, as it is at one moment; Fermata may go on running')
    .argument('<file>', 'a new file')
    .option('--with-key', 'put the key of the secrets into the file, too: whoever has it can read them')
    .option('--json', 'print what was written as JSON')
    .action((file: string, { withKey = false, json = false }: Options) =>
      withDatabase(
        io,
        async ({ pool }, config) => {
          const made = await makeBackup(pool, file, withKey ? { secretKey: await readKey(config) } : {})
          if (json) return printJson(io, { file, ...made })
          tell(io, file, made)
          if (!withKey) note(io, `Secrets in it are sealed. Keep their key elsewhere: ${placeOf(config)}.`)
        },
        { migrate: false },
      ),
    )
}

function tell(io: Io, file: string, { tables, rows, bytes, schema }: MadeBackup): void {
  print(io, `${file}: ${rows} rows of ${tables} tables, ${sizeText(bytes)}, schema ${schema}`)
}

const keyFile = ({ dataFolder }: Config): string => join(dataFolder, 'secret.key')

const placeOf = (config: Config): string => (config.secretKey ? 'FERMATA_SECRET_KEY' : keyFile(config))

async function readKey(config: Config): Promise<string> {
  if (config.secretKey) return config.secretKey
  return readFile(keyFile(config), 'utf8').catch((cause: Error) => {
    throw new AppError('not-found', `The key of the secrets cannot be read: ${cause.message}`, { cause })
  })
}
