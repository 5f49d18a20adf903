// The seeded history stays in a folder of the system, so that the next run begins at once. One that was made for another
// schema or by another seed, or was left half made, is made anew: bringing ten million rows up to date takes longer.
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '../../src/store/embedded.ts'
import { listMigrations } from '../../src/store/migrate.ts'
import { openDatabaseIn } from '../run/database.ts'
import { edition, seedHistory } from './seed.ts'

const beginning = 'fermata-bench-history-'

/** The folder that holds a history of so many executions; it is not in use. */
export async function keepHistory(executions: number, parent = tmpdir()): Promise<string> {
  const schema = (await listMigrations()).at(-1)?.version
  const folder = join(parent, `${beginning}${executions}-seed-${edition}-schema-${schema}`)
  const done = join(folder, 'seeded')
  if (existsSync(done)) {
    await stopLeft(folder)
    return folder
  }
  await removeOld(parent, `${beginning}${executions}-`)
  mkdirSync(folder)
  chmodSync(folder, 0o755)
  await fill(folder, executions)
  writeFileSync(done, '')
  return folder
}

async function removeOld(parent: string, name: string): Promise<void> {
  for (const old of readdirSync(parent).filter((entry) => entry.startsWith(name))) {
    const folder = join(parent, old)
    await stopLeft(folder)
    process.stderr.write(`Removing ${folder}, which this program cannot use\n`)
    rmSync(folder, { recursive: true })
  }
}

/** The server of a run that was killed goes on alone. Throws when the folder is in use. */
async function stopLeft(folder: string): Promise<void> {
  if (existsSync(join(folder, 'pg', 'postmaster.pid')))
    await (await startEmbedded({ dataDir: folder })).stop()
}

async function fill(folder: string, executions: number): Promise<void> {
  const started = performance.now()
  const database = await openDatabaseIn(folder)
  try {
    await seedHistory(database.pool, executions)
  } finally {
    await database.close()
  }
  const seconds = Math.round((performance.now() - started) / 1000)
  process.stderr.write(`Seeded ${executions} executions in ${seconds} s; they are kept in ${folder}\n`)
}
