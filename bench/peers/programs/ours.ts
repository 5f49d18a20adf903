// Fermata itself, driven in process like the libraries among the others: the whole engine, no HTTP.
import { openPool } from '../../../src/store/db.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { chain, pad } from '../../run/documents.ts'
import { complete, openEngine, publish } from '../../run/engine.ts'
import { checkRuns } from '../check-runs.ts'
import { serve } from '../program.ts'

serve(async (place) => {
  const pool = openPool({ connectionString: place.databaseUrl })
  await migrate(pool)
  await publish(pool, chain('inline', { type: 'set', nodes: 10 }))
  await publish(pool, chain('effects', { type: 'nothing', nodes: 10 }))
  const engine = await openEngine(pool)
  const run = async (workflow: string, i: number): Promise<undefined> => {
    await complete(engine, { workflow, inputs: { i, pad } })
  }
  return {
    works: { inline: (i) => run('inline', i), effects: (i) => run('effects', i) },
    check: checkRuns(pool),
    async close() {
      await engine.stop()
      await pool.close()
    },
  }
})
