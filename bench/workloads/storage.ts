// STORAGE: what a node run takes on disk, indexes and its share of the execution included, and in the log.
import type { Pool } from '../../src/store/db.ts'
import { openBenchDatabase } from '../run/database.ts'
import { chain, input } from '../run/documents.ts'
import { type Bench, complete, openBench, publish } from '../run/engine.ts'
import { inFlight } from '../run/in-flight.ts'
import type { Measured, Row, Section, Workload } from '../run/workload.ts'

const nodes = 10

export const workload: Workload = {
  summary: 'bytes of a node run on disk after vacuum and in the log, inline and as committed effects',
  async run({ quick }) {
    const executions = quick ? 500 : 10_000
    const database = await openBenchDatabase()
    const bench = await openBench(database)
    try {
      const inline = await measure(bench, { type: 'set', executions })
      const effects = await measure(bench, { type: 'nothing', executions })
      return [describe('inline', inline), { ...describe('effects', effects), bars: worst(inline, effects) }]
    } finally {
      await bench.engine.stop()
      await database.close()
    }
  },
}

/** Bytes per node run. */
interface Stored {
  disk: number
  indexes: number
  output: number
  rows: number
  wal: number
}

async function measure(
  bench: Bench,
  { type, executions }: { type: string; executions: number },
): Promise<Stored> {
  const { engine, database } = bench
  const { pool } = database
  const workflow = `storage-${type}`
  await publish(pool, chain(workflow, { type, nodes }))
  await complete(engine, { workflow, inputs: input })
  await pool.run('vacuum')
  await pool.run('checkpoint')
  const before = await readSizes(pool)
  const wal = await database.walBytes()
  await inFlight({ count: executions, atOnce: 64 }, () => complete(engine, { workflow, inputs: input }))
  const written = (await database.walBytes()) - wal
  await pool.run('vacuum')
  const after = await readSizes(pool)
  const rows = await readRows(pool, workflow)
  const runs = executions * nodes
  return {
    disk: (after.total - before.total) / runs,
    indexes: (after.indexes - before.indexes) / runs,
    ...rows,
    wal: written / runs,
  }
}

async function readSizes(pool: Pool): Promise<{ total: number; indexes: number }> {
  const [row] = await pool.query<{ total: number; indexes: number }>(
    `select sum(pg_total_relation_size(c.oid))::float8 as total, sum(pg_indexes_size(c.oid))::float8 as indexes
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'fermata' and c.relkind = 'r'`,
  )
  return row ?? { total: 0, indexes: 0 }
}

/** Of outputs as text, and of whole rows as PostgreSQL stores them, executions included. */
async function readRows(pool: Pool, workflow: string): Promise<{ output: number; rows: number }> {
  const [row] = await pool.query<{ output: number; rows: number }>(
    `with e as (select e.id, pg_column_size(e.*) as bytes from fermata.executions e where workflow = $1),
     own as (select pg_column_size(r.*) as bytes from fermata.node_runs r join e on e.id = r.execution_id
       union all select pg_column_size(p.*) from fermata.run_packs p join e on e.id = p.execution_id
       union all select bytes from e)
     select avg(octet_length(r.output::text))::float8 as output, (select sum(bytes) from own)::float8 / count(*) as rows
     from e cross join lateral (select output from fermata.all_node_runs n where n.execution_id = e.id offset 0) r`,
    [workflow],
  )
  return row ?? { output: 0, rows: 0 }
}

function describe(title: string, stored: Stored): Section {
  const { disk, indexes, output, rows, wal } = stored
  const row = (name: string, value: number): Row => ({ name, value, unit: 'B' })
  return {
    title: `STORAGE per node run, ${title}`,
    rows: [
      { ...row('on disk after vacuum', disk), limit: rows, limitIs: 'the rows alone' },
      row('of this indexes', indexes),
      row('of this the output', output),
      row('beyond the output', disk - output),
      { ...row('WAL', wal), limit: rows, limitIs: 'the rows alone' },
    ],
  }
}

function worst(...all: Stored[]): Measured {
  return {
    'storage.bytes': Math.max(...all.map(({ disk, output }) => disk - output)),
    'storage.wal': Math.max(...all.map(({ wal, rows }) => wal / rows)),
  }
}
