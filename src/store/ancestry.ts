// The executions that led to one: itself last, before it whoever started it, and so on up to the first.
import type { Db } from './db.ts'

export interface Ancestor {
  execution: string
  workflow: string
}

export async function ancestryOf(db: Db, execution: string): Promise<Ancestor[]> {
  return db.query<Ancestor>(
    `with recursive line (id, parent, workflow, distance) as (
       select id, parent_id, workflow, 0 from fermata.executions where id = $1::bigint
       union all
       select e.id, e.parent_id, e.workflow, distance + 1
       from fermata.executions e join line on e.id = line.parent
     )
     select id::text as execution, workflow from line order by distance desc`,
    [execution],
    'ancestry_of',
  )
}
