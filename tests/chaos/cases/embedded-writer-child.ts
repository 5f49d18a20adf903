// Owns an embedded database, brings its schema up to date and writes row after row, telling of each that is committed:
// argv = data folder. To be killed at any moment of it.
import { openPool } from '../../../src/store/db.ts'
import { startEmbedded } from '../../../src/store/embedded.ts'
import { migrate } from '../../../src/store/migrate.ts'

const [dataDir = ''] = process.argv.slice(2)
const embedded = await startEmbedded({ dataDir })
const pool = openPool({ ...embedded.config, onIdleError: () => undefined })
process.send?.({ is: 'open' })
await migrate(pool)
await pool.run('create table if not exists public.written (n bigint primary key)')
const [row] = await pool.query<{ n: number }>('select coalesce(max(n), 0)::int as n from public.written')
let n = row?.n ?? 0
process.send?.({ is: 'ready', found: n })
process.on('disconnect', () => process.exit(0))
for (;;) {
  await pool.run('insert into public.written values ($1)', [++n])
  process.send?.({ is: 'written', n })
}
