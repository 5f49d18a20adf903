// The workflows a user has starred.
import type { Db } from '../store/db.ts'

export interface Favourite {
  userId: string
  workflow: string
}

/** Twice is once. The workflow must exist. */
export async function addFavourite(db: Db, { userId, workflow }: Favourite): Promise<void> {
  await db.run('insert into fermata.favourites (user_id, workflow) values ($1, $2) on conflict do nothing', [
    userId,
    workflow,
  ])
}

export async function removeFavourite(db: Db, { userId, workflow }: Favourite): Promise<void> {
  await db.run('delete from fermata.favourites where user_id = $1 and workflow = $2', [userId, workflow])
}
