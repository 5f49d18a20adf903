// The one statement that changes executions: all saves of a flush, set-based, guarded by `seq` (rule 19).
// Parts that a flush does not need are left out; each combination is one prepared statement.

import { decodeColumn, encodeColumn } from './columns.ts'
import type { Db } from './db.ts'
import type { Part } from './part.ts'
import type { Save } from './save.ts'
import { insertPart, parts, updatePart } from './save-parts.ts'

interface Filled {
  part: Part
  values: unknown[][]
}

/** Column arrays of one part over all saves; undefined when no save has such rows. */
function fill(part: Part, saves: readonly Save[]): Filled | undefined {
  const values: unknown[][] = [[], ...part.columns.map(() => [])]
  for (const save of saves) {
    for (const row of part.rows(save)) {
      values[0]?.push(save.id)
      for (let n = 0; n < part.columns.length; n++)
        values[n + 1]?.push(part.columns[n]?.[2](save, row as never))
    }
  }
  return values[0]?.length ? { part, values } : undefined
}

function encode({ part, values }: Filled): (string | null)[] {
  return values.map((column, n) =>
    encodeColumn(n === 0 ? 'bigint' : (part.columns[n - 1]?.[0] ?? 'text'), column),
  )
}

function withClause(filled: Filled, firstParameter: number): string {
  const columns = [['bigint', 'id'], ...filled.part.columns] as readonly (readonly [string, string])[]
  const source = `${filled.part.key}x`
  const arrays = columns.map(([type], n) => decodeColumn(type, firstParameter + n)).join(', ')
  const names = columns.map(([, name]) => name).join(', ')
  return `${source}(${names}) as (select * from unnest(${arrays})),\n${filled.part.sql.replaceAll('{x}', source)}`
}

const statements = new Map<string, string>()

function statementFor(filled: readonly Filled[]): { text: string; name: string } {
  const name = `save_${filled.map(({ part }) => part.key).join('')}`
  let text = statements.get(name)
  if (text === undefined) {
    text = buildStatement(filled)
    statements.set(name, text)
  }
  return { text, name }
}

function buildStatement(filled: readonly Filled[]): string {
  const heads = filled.filter(({ part }) => part.key === 'i' || part.key === 'u')
  const saved = heads
    .map(({ part }) => `select id from ${part.key === 'i' ? 'ins' : 'upd'}`)
    .join(' union all ')
  const clauses: string[] = []
  let parameter = 1
  for (const item of filled) {
    clauses.push(withClause(item, parameter))
    parameter += item.values.length
    if (item === heads.at(-1)) clauses.push(`saved(id) as (${saved})`)
  }
  return `with ${clauses.join(',\n')}\nselect id from saved`
}

/** Writes all saves in one statement and one commit; returns the ids of those whose guard held. */
export async function writeSaves(db: Db, saves: readonly Save[]): Promise<Set<string>> {
  const filled = [insertPart, updatePart, ...parts].flatMap((part) => fill(part, saves) ?? [])
  const { text, name } = statementFor(filled)
  const rows = await db.query<{ id: string }>(text, filled.flatMap(encode), name)
  return new Set(rows.map(({ id }) => id))
}
