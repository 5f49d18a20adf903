// Filters of a list that a user has given a name; nobody else sees them.
import { AppError } from '../core/errors.ts'
import { type Db, sqlState } from '../store/db.ts'

export interface SavedView {
  id: string
  name: string
  /** Query part of the address. */
  search: string
}

const most = 100

/** By name. */
export async function listViews(db: Db, mine: { user: string; page: string }): Promise<SavedView[]> {
  return db.query<SavedView>(
    'select id, name, search from fermata.saved_views where user_id = $1 and page = $2 order by lower(name), id',
    [mine.user, mine.page],
  )
}

/** One of that name is replaced. Throws `limit-exceeded` beyond a hundred of a page. */
export async function saveView(
  db: Db,
  view: { user: string; page: string; name: string; search: string },
): Promise<SavedView> {
  const [row] = await db.query<SavedView>(
    `insert into fermata.saved_views (user_id, page, name, search) select $1, $2, $3, $4
     where (select count(*) from fermata.saved_views where user_id = $1 and page = $2 and name <> $3) < $5
     on conflict (user_id, page, name) do update set search = excluded.search returning id, name, search`,
    [view.user, view.page, view.name, view.search, most],
  )
  if (row) return row
  throw new AppError('limit-exceeded', `A list has ${most} views at most: delete one first.`, {
    why: { key: 'too-many-views', limit: most },
  })
}

/** Undefined: it was not there. Throws `already-exists` when another view of the page has the name. */
export async function renameView(
  db: Db,
  mine: { user: string; id: string; name: string },
): Promise<SavedView | undefined> {
  try {
    const [row] = await db.query<SavedView>(
      'update fermata.saved_views set name = $3 where user_id = $1 and id = $2 returning id, name, search',
      [mine.user, mine.id, mine.name],
    )
    return row
  } catch (error) {
    if (sqlState(error) !== '23505') throw error
    throw new AppError('already-exists', 'Another view has this name already.', {
      pointer: '/name',
      why: { key: 'name-taken', name: mine.name },
    })
  }
}

/** Whether it was there. */
export async function deleteView(db: Db, mine: { user: string; id: string }): Promise<boolean> {
  return (
    (await db.run('delete from fermata.saved_views where user_id = $1 and id = $2', [mine.user, mine.id])) > 0
  )
}
