// Shares the embedded database of another process: the command line beside a running server.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '../core/errors.ts'
import { openPool, sqlState } from './db.ts'
import { connectionOf, readPidFile, superuser } from './embedded/cluster.ts'
import { findHome } from './embedded/home.ts'
import { databaseName, type Embedded, findHolder, urlOf } from './embedded.ts'

/** How long the other process may take to bring its database up. */
const patienceMs = 30_000

/**
 * The running database of a data folder; `stop` leaves it to the process that holds it. Undefined when nobody holds
 * the folder (any more). Throws `config-invalid` when its password cannot be read, `unavailable` when it does not come up.
 */
export async function joinEmbedded(dataDir: string): Promise<Embedded | undefined> {
  const giveUpAt = Date.now() + patienceMs
  for (;;) {
    const holder = await findHolder(dataDir)
    if (!holder) return undefined
    const found = await connect(await findHome(dataDir))
    if (found) return found
    if (Date.now() > giveUpAt) {
      throw new AppError('unavailable', `The database of process ${holder.pid} does not answer.`)
    }
    await pause(100)
  }
}

/** Undefined while the server is not ready. */
async function connect(home: string): Promise<Embedded | undefined> {
  const data = join(home, 'pg')
  const file = await readPidFile(data)
  if (file?.status !== 'ready') return undefined
  const password = await readPassword(join(home, 'database-password'))
  const at = file.socketFolder ? { socketFolder: file.socketFolder } : { port: file.port }
  const config = { ...connectionOf(at), user: superuser, password, database: databaseName }
  const pool = openPool({ ...config, max: 1 })
  try {
    const [row] = await pool.query<{ version: string }>("select current_setting('server_version') as version")
    const version = row?.version ?? ''
    return { config, url: urlOf(config), dataDir: data, version, adopted: false, stop: async () => undefined }
  } catch (error) {
    // Wrong in a way that waiting does not mend: the password of somebody else.
    if (sqlState(error) === '28P01') throw error
    return undefined
  } finally {
    await pool.close()
  }
}

async function readPassword(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    const detail = `The password of the database cannot be read: ${cause.message}. Run this as the user who started Fermata.`
    throw new AppError('config-invalid', detail, { cause })
  })
  return text.trim()
}
