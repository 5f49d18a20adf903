import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Config } from '../../config.ts'
import { type Restored, restoreBackup } from '../../store/backup/restore-backup.ts'
import { type Io, note, print, printJson } from '../io.ts'
import { withDatabase } from '../link/with-database.ts'

export function addRestore(program: Command, io: Io): void {
  program
    .command('restore')
    .description('bring a backup back into an empty database: a new FERMATA_DATA folder, or DATABASE_URL')
    .argument('<file>', 'what backup has written')
    .option('--json', 'print what was restored as JSON')
    .action((file: string, { json = false }: { json?: boolean }) =>
      withDatabase(
        io,
        async ({ pool }, config) => {
          const { secretKey, ...restored } = await restoreBackup(pool, file)
          const kept = secretKey === undefined ? undefined : await keepKey(config, secretKey)
          if (json) printJson(io, { ...restored, key: kept === true })
          else tell(io, restored, kept)
        },
        { migrate: false },
      ),
    )
}

function tell(io: Io, { rows, tables, madeAt }: Restored, kept: boolean | undefined): void {
  print(io, `${rows} rows of ${tables} tables are as they were at ${madeAt}.`)
  if (kept === undefined)
    note(io, 'Before the next start bring back the key of the secrets: secret.key or FERMATA_SECRET_KEY.')
  if (kept === false)
    note(io, 'The key of the backup was not written: this folder or FERMATA_SECRET_KEY has one already.')
  note(io, 'What was under way when the backup was made is judged as interrupted when Fermata starts.')
}

/** Never over a key that is there. */
async function keepKey({ dataFolder, secretKey }: Config, key: string): Promise<boolean> {
  if (secretKey !== undefined) return false
  await mkdir(dataFolder, { recursive: true })
  try {
    await writeFile(join(dataFolder, 'secret.key'), key, { mode: 0o600, flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}
