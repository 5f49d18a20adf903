// Writes docs/reference/schema.sql from a database that the migrations made just now.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../src/store/open-database.ts'
import { dumpSchema } from '../src/store/schema-dump.ts'

const target = join(import.meta.dirname, '../docs/reference/schema.sql')
const folder = await mkdtemp(join(tmpdir(), 'fermata-dump-'))
// Root runs PostgreSQL as another user, who must get in.
await chmod(folder, 0o755)
try {
  const database = await openDatabase({ dataFolder: join(folder, 'data') })
  await writeFile(target, await dumpSchema(database.pool))
  await database.close()
} finally {
  await rm(folder, { recursive: true })
}
