// References of records to others: do they exist for this writer, and the rows of link tables.
import type { CollectionSchema, RelationSide } from '../../core/collections.ts'
import type { Problem } from '../../core/errors.ts'
import type { Db } from '../../store/db.ts'
import { type CheckedRecord, recordProblem } from '../checks/record.ts'
import { throwFirst } from '../checks/shape.ts'
import { loadCollectionSchemas, requireCollection } from '../collection-schemas.ts'
import { permissionSql, type RowPermissions } from '../permissions.ts'
import { linkOf, tableOf } from './names.ts'
import { openParams } from './params.ts'

interface Written {
  collection: CollectionSchema
  checked: CheckedRecord[]
  permissions: RowPermissions
}

/** Throws AppError `invalid-record` for a reference to a record that is not there, or not for this writer's eyes. */
export async function checkReferences(db: Db, { collection, checked, permissions }: Written): Promise<void> {
  const many = checked.length > 1
  const problems: Problem[] = []
  for (const relation of collection.relations) {
    const wanted = new Set(checked.flatMap((record) => idsFor(record, relation)))
    if (wanted.size === 0) continue
    const visible = await visibleIds(db, { to: relation.to, ids: [...wanted], permissions })
    // Records of the same batch may refer to each other.
    const own = relation.to === collection.key ? checked.map(({ row }) => row.id) : []
    for (const id of [...visible, ...own]) wanted.delete(String(id))
    for (const [index, record] of checked.entries()) {
      const lost = idsFor(record, relation).find((id) => wanted.has(id))
      if (lost === undefined) continue
      const pointer = many ? `/${index}/${relation.name}` : `/${relation.name}`
      problems.push(recordProblem(`There is no record ${lost} of ${relation.to}`, pointer))
    }
  }
  throwFirst('invalid-record', problems)
}

function idsFor(record: CheckedRecord, relation: RelationSide): string[] {
  return [...record.references, ...record.links].flatMap((each) =>
    each.relation.name === relation.name ? each.ids : [],
  )
}

async function visibleIds(
  db: Db,
  { to, ids, permissions }: { to: string; ids: string[]; permissions: RowPermissions },
): Promise<string[]> {
  const collection = requireCollection(await loadCollectionSchemas(db), to)
  const params = openParams()
  const wanted = params.add(ids, 'text[]')
  const permission = permissionSql(permissions, { collection, alias: 't', params })
  const rows = await db.query<{ id: string }>(
    `select t.id from ${tableOf(to)} t where t.id = any (${wanted}) and ${permission}`,
    params.values,
  )
  return rows.map(({ id }) => id)
}

/** Makes the links named in `checked` the only ones; links to records the writer may not see stay. */
export async function replaceLinks(
  db: Db,
  { collection, ids, checked, permissions }: Written & { ids: string[] },
): Promise<void> {
  for (const relation of collection.relations) {
    const sets = checked.flatMap(({ links }, index) =>
      links
        .filter((link) => link.relation.name === relation.name)
        .map((link) => ({ id: ids[index], to: link.ids })),
    )
    if (sets.length > 0) await replaceSets(db, { collection, relation, sets, permissions })
  }
}

interface Sets {
  collection: CollectionSchema
  relation: RelationSide
  sets: Array<{ id: string | undefined; to: string[] }>
  permissions: RowPermissions
}

async function replaceSets(db: Db, { collection, relation, sets, permissions }: Sets): Promise<void> {
  const { table, here, there } = linkOf(collection.key, relation)
  const other = requireCollection(await loadCollectionSchemas(db), relation.to)
  const params = openParams()
  const changed = params.add(
    sets.map((set) => set.id),
    'text[]',
  )
  const permission = permissionSql(permissions, { collection: other, alias: 't', params })
  await db.run(
    `delete from ${table} l where l.${here} = any (${changed})
     and l.${there} in (select t.id from ${tableOf(relation.to)} t where ${permission})`,
    params.values,
  )
  const pairs = sets.flatMap((set) => set.to.map((id) => ({ from: set.id, to: id })))
  await db.run(
    `insert into ${table} (${here}, ${there}) select * from unnest($1::text[], $2::text[]) on conflict do nothing`,
    [pairs.map((pair) => pair.from), pairs.map((pair) => pair.to)],
  )
}
