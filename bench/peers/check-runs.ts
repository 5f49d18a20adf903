// Whether a load left in our tables what it should have.
import type { Pool } from '../../src/store/db.ts'

/** Counts what the load left behind: executions that end with i + 10, and ten node runs for each. */
export function checkRuns(pool: Pool): (workflow: string, completed: number) => Promise<void> {
  let last = '0'
  return async (workflow, completed) => {
    const [row] = await pool.query<{ right: number; runs: number; last: string | null }>(
      `with e as (select id, (inputs->>'i')::int as i from fermata.executions
         where id > $1 and workflow = $2 and status = 'completed')
       select (count(*) filter (where (n.output->>'i')::int = e.i + 10 and n.node = 'n9'))::int as right,
         count(*)::int as runs, max(e.id) as last
       from e cross join lateral (
         select output, node from fermata.all_node_runs r where r.execution_id = e.id and r.status = 'completed' offset 0) n`,
      [last, workflow],
    )
    last = row?.last ?? last
    if (row?.right === completed && row.runs === 10 * completed) return
    throw new Error(`Of ${completed} executions ${row?.right} ended right, with ${row?.runs} node runs`)
  }
}
