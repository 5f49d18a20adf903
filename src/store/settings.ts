// Small things the system remembers about itself: one JSON value by key.
import type { Json } from '../core/json.ts'
import type { Db } from './db.ts'

export async function readSetting(db: Db, key: string): Promise<Json | undefined> {
  const [row] = await db.query<{ value: Json }>('select value from fermata.settings where key = $1', [key])
  return row?.value
}

export async function writeSetting(db: Db, key: string, value: Json): Promise<void> {
  await db.run(
    `insert into fermata.settings (key, value) values ($1, $2)
     on conflict (key) do update set value = excluded.value`,
    [key, JSON.stringify(value)],
  )
}

/** The value that was there first: of several processes that ask at once, all get the same. */
export async function keepSetting(db: Db, key: string, value: Json): Promise<Json> {
  await db.run('insert into fermata.settings (key, value) values ($1, $2) on conflict do nothing', [
    key,
    JSON.stringify(value),
  ])
  return (await readSetting(db, key)) ?? value
}

export async function removeSetting(db: Db, key: string): Promise<void> {
  await db.run('delete from fermata.settings where key = $1', [key])
}
