import type { Db } from './db.ts'

export interface RunKey {
  execution: string
  run: string
  attempt: number
}

/** When these attempts began, in ms since 1970. */
export async function readRunStarts(db: Db, keys: readonly RunKey[]): Promise<Map<RunKey, number>> {
  const rows = await db.query<{ n: number; at: number }>(
    `select k.n::int, extract(epoch from r.started_at)::float8 * 1000 as at
     from unnest($1::bigint[], $2::text[], $3::smallint[]) with ordinality as k (id, run, attempt, n)
     join fermata.node_runs r on r.execution_id = k.id and r.run = k.run and r.attempt = k.attempt
     where r.started_at is not null`,
    [keys.map(({ execution }) => execution), keys.map(({ run }) => run), keys.map(({ attempt }) => attempt)],
    'read_run_starts',
  )
  return new Map(rows.map(({ n, at }) => [keys[n - 1] as RunKey, at]))
}
