// `node tests/upgrade/make-fixture.ts <version>`, once for each release, at its commit: executions in every state, kept
// as a backup of the schema of that release, with the hashes of its migrations.
import { createHash } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeBackup } from '../../src/store/backup/make-backup.ts'
import { listMigrations } from '../../src/store/migrate.ts'
import { openDatabase } from '../../src/store/open-database.ts'
import { makeInFlight } from './in-flight.ts'

const [version] = process.argv.slice(2)
if (!version) throw new Error('Which release? e.g. 0.1')
const fixtures = join(import.meta.dirname, 'fixtures')
const dataFolder = mkdtempSync(join(tmpdir(), 'fermata-fixture-'))
chmodSync(dataFolder, 0o755)
const database = await openDatabase({ dataFolder })
try {
  await makeInFlight(database.pool)
  await makeBackup(database.pool, join(fixtures, `${version}.backup`))
} finally {
  await database.close()
  rmSync(dataFolder, { recursive: true })
}
const hashes = (await listMigrations()).map(({ name, path }) => [
  name,
  createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16),
])
writeFileSync(join(fixtures, `${version}.json`), `${JSON.stringify(Object.fromEntries(hashes), null, 2)}\n`)
