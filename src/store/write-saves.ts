// The one statement that changes executions: all saves of a flush, set-based, guarded by `seq` (rule 19).
// Parts that a flush does not need are left out; each combination is one prepared statement.

import { decodeColumn, encodeColumn, encodeValue } from './columns.ts'
import { type Db, sqlState } from './db.ts'
import type { Column, Part } from './part.ts'
import type { Save } from './save.ts'
import { insertPart, parts, updatePart } from './save-parts.ts'

interface Filled {
  part: Part
  values: unknown[][]
  /** One row, and one save in all: plain parameters instead of arrays. */
  single: boolean
  /** All columns are as they usually are: those whose value is known are no parameters at all. */
  lean: boolean
}

/** Column arrays of one part over all saves; undefined when no save has such rows. */
function fill(part: Part, saves: readonly Save[]): Filled | undefined {
  const { columns } = part
  const ids: unknown[] = []
  const values: unknown[][] = columns.map(() => [])
  let lean = true
  for (const save of saves) {
    for (const row of part.rows(save)) {
      ids.push(save.id)
      for (let n = 0; n < columns.length; n++) {
        const column = columns[n] as Column
        const value = column[2](save, row as never)
        const others = values[n] as unknown[]
        others.push(value)
        if (lean && !isAsUsual(column, value, others[0])) lean = false
      }
    }
  }
  const single = saves.length === 1 && ids.length === 1
  return ids.length > 0 ? { part, values: [ids, ...values], single, lean } : undefined
}

function isAsUsual([, , , habit]: Column, value: unknown, first: unknown): boolean {
  if (habit === undefined) return true
  return value === (habit === 'shared' ? first : habit.usual)
}

const idColumn: Column = ['bigint', 'id', (save) => save.id]

const columnsOf = ({ part }: Filled): readonly Column[] => [idColumn, ...part.columns]

/** How the values of a column travel: as an array, as one for all rows, or not at all. */
function formOf({ lean, single }: Filled, [, , , habit]: Column): 'array' | 'one' | 'none' {
  if (lean && typeof habit === 'object') return 'none'
  return single || (lean && habit === 'shared') ? 'one' : 'array'
}

function encode(filled: Filled): (string | null)[] {
  const parameters: (string | null)[] = []
  columnsOf(filled).forEach((column, n) => {
    const form = formOf(filled, column)
    if (form === 'none') return
    const values = filled.values[n] as unknown[]
    parameters.push(form === 'one' ? encodeValue(values[0]) : encodeColumn(column[0], values))
  })
  return parameters
}

function literal([type, , , habit]: Column): string {
  const usual = typeof habit === 'object' ? habit.usual : null
  return `${typeof usual === 'string' ? `'${usual}'` : usual}::${type}`
}

/** `unnest` in the select list goes from row to row; in `from` it would fill a table per column first. */
function withClause(filled: Filled, name: string, firstParameter: number): string {
  let parameter = firstParameter
  const columns = columnsOf(filled).map((column) => {
    const [type, as] = column
    const form = formOf(filled, column)
    if (form === 'none') return `${literal(column)} as ${as}`
    const given = `$${parameter++}`
    return `${form === 'one' ? `${given}::${type}` : `unnest(${decodeColumn(type, given)})`} as ${as}`
  })
  const source = `${filled.part.key}x`
  const sql = filled.part.sql.replaceAll('{x}', source).replace('{name}', name)
  return `${source} as (select ${columns.join(', ')}),\n${sql}`
}

const divisionByZero = '22012'
const statements = new Map<string, string>()
/** A connection keeps a plan of each, some 100 KB; what comes after so many is rare and planned each time. */
const mostStatements = 150

function statementFor(filled: readonly Filled[]): { text: string; name?: string } {
  const forms = filled.map(({ part, single, lean }) => `${part.key}${single ? '1' : ''}${lean ? '' : '_'}`)
  const name = `save_${forms.join('')}`
  let text = statements.get(name)
  if (text === undefined) {
    text = buildStatement(filled)
    if (statements.size >= mostStatements) return { text }
    statements.set(name, text)
  }
  return { text, name }
}

const isHead = ({ part }: Filled): boolean => part === insertPart || part === updatePart

function buildStatement(filled: readonly Filled[]): string {
  const heads = filled.filter(isHead)
  const clauses: string[] = []
  const demands: string[] = []
  let parameter = 1
  for (const item of filled) {
    const name = isHead(item) && heads.length === 1 ? 'saved' : item.part.key
    clauses.push(withClause(item, name, parameter))
    if (item.part.demands) demands.push(demandOf(item, item.part.demands, parameter))
    parameter += encode(item).length
    if (heads.length === 2 && item === heads[1]) {
      clauses.push(
        `saved as (${heads.map(({ part }) => `select id, seq from ${part.key}`).join(' union all ')})`,
      )
    }
  }
  return `with ${clauses.join(',\n')}\nselect id from saved${demands.join('')}`
}

/** Breaks the statement off by a division by zero, which must not be foreseen when it is planned. */
function demandOf({ single }: Filled, demands: string, ids: number): string {
  const holds = demands.replace('{count}', single ? '1' : `cardinality($${ids}::bigint[])`)
  return ` where 1 / (case when ${holds} then 1 else 0 end) = 1`
}

/** Something that a part demands did not hold. */
export function wasNotMet(error: unknown): boolean {
  return sqlState(error) === divisionByZero
}

/** Writes all saves in one statement and one commit; returns the ids of those whose guard held. */
export async function writeSaves(db: Pick<Db, 'query'>, saves: readonly Save[]): Promise<Set<string>> {
  const filled = [insertPart, updatePart, ...parts].flatMap((part) => fill(part, saves) ?? [])
  const { text, name } = statementFor(filled)
  const rows = await db.query<{ id: string }>(text, filled.flatMap(encode), name)
  return new Set(rows.map(({ id }) => id))
}
