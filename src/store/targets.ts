// What executions have worked on, by the label it had then; searched instead of the executions.
import type { Db } from './db.ts'

export interface TargetLabel {
  collection: string
  id: string
  label: string
}

export async function noteTarget(db: Db, { collection, id, label }: TargetLabel): Promise<void> {
  await db.run(
    `insert into fermata.targets (collection, id, label) values ($1, $2, $3)
     on conflict (collection, id, label) do update set noted_at = now()`,
    [collection, id, label],
    'note_target',
  )
}

/** Forgets up to `limit` that no execution names any more. Who noted one since `days` may still be about to use it. */
export async function forgetTargets(
  db: Db,
  { days, limit }: { days: number; limit: number },
): Promise<number> {
  return db.run(
    `delete from fermata.targets where (collection, id, label) in (
       select t.collection, t.id, t.label from fermata.targets t
       where t.noted_at < now() - make_interval(days => $1) and not exists (
         select from fermata.executions e where e.target_collection = t.collection and e.target_id = t.id)
       limit $2)`,
    [days, limit],
  )
}
