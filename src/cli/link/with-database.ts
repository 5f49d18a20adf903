// The database itself, for commands that look after it; whoever may reach it may do everything.
import { type Config, readConfig } from '../../config.ts'
import { AppError } from '../../core/errors.ts'
import { type Database, type DatabaseConfig, openDatabase } from '../../store/open-database.ts'
import type { Io } from '../io.ts'

/** Opens it (sharing the embedded server of a running Fermata), works, closes. */
export async function withDatabase(
  io: Io,
  work: (database: Database, config: Config) => Promise<void>,
  options: Pick<DatabaseConfig, 'migrate'> = {},
): Promise<void> {
  if (io.env.FERMATA_URL) {
    const detail = 'This works on the database, not through a server: unset FERMATA_URL where the data are.'
    throw new AppError('config-invalid', detail, { pointer: '/FERMATA_URL' })
  }
  const config = readConfig(io.env)
  const { databaseUrl, dataFolder } = config
  const database = await openDatabase({ databaseUrl, dataFolder, join: true, ...options })
  try {
    await work(database, config)
  } finally {
    await database.close()
  }
}
