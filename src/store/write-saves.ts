// The one statement that changes executions: all saves of a flush, set-based, guarded by `seq` (rule 19).
// Parts that a flush does not need are left out; each combination is one prepared statement.

import { decodeColumn, encodeColumn, encodeValue } from './columns.ts'
import { type Db, sqlState } from './db.ts'
import type { Column, Part } from './part.ts'
import type { Save } from './save.ts'
import { insertPart, parts, updatePart } from './save-parts.ts'

interface Filled {
  part: Part
  /** By column; the id comes first. Those that are not sent are empty. */
  values: unknown[][]
  /** One row: plain parameters instead of arrays. Only with one save in all, else it is not worth a statement. */
  single: boolean
  /** All columns are as they usually are: those whose value is known are no parameters at all. */
  lean: boolean
}

const idColumn: Column = { type: 'bigint', name: 'id', value: (_row, save) => save.id }

/** Column arrays of one part over all saves; undefined when no save has such rows. */
function fill(part: Part, saves: readonly Save[]): Filled | undefined {
  const rows: Row[] = []
  for (const save of saves) for (const row of part.rows(save)) rows.push({ save, row: row as never })
  if (rows.length === 0) return undefined
  const columns = [idColumn, ...part.columns]
  const lean = columns.every((column) => isAsUsual(column, rows))
  const single = rows.length === 1 && (saves.length === 1 || columns.some((column) => isEmpty(column, rows)))
  const filled = { part, values: [], single, lean }
  const values = columns.map((column) =>
    formOf(filled, column) === 'none' ? [] : rows.map(({ row, save }) => column.value(row, save)),
  )
  return { ...filled, values }
}

/** A column of one empty text cannot be told from one of none. */
const isEmpty = ({ value }: Column, [first]: readonly Row[]): boolean =>
  first !== undefined && value(first.row, first.save) === ''

interface Row {
  save: Save
  row: never
}

function isAsUsual({ habit, value }: Column, rows: readonly Row[]): boolean {
  if (habit === undefined) return true
  const [first] = rows as readonly [Row]
  const usual = habit === 'shared' ? value(first.row, first.save) : habit.usual
  for (const { row, save } of rows) if (value(row, save) !== usual) return false
  return true
}

const columnsOf = ({ part }: Filled): readonly Column[] => [idColumn, ...part.columns]

/** How the values of a column travel: as an array, as one for all rows, or not at all. */
function formOf({ lean, single }: Filled, { habit }: Column): 'array' | 'one' | 'none' {
  if (lean && typeof habit === 'object') return 'none'
  return single || (lean && habit === 'shared') ? 'one' : 'array'
}

/** `since`: milliseconds since 1970 from which times count. */
function encode(filled: Filled, since: number): (string | null)[] {
  const parameters: (string | null)[] = []
  columnsOf(filled).forEach((column, n) => {
    const form = formOf(filled, column)
    if (form === 'none') return
    const given = filled.values[n] as unknown[]
    const values = column.type === 'ms' ? countFrom(since, given as (number | null)[]) : given
    parameters.push(form === 'one' ? encodeValue(values[0]) : encodeColumn(column.type, values))
  })
  return parameters
}

const countFrom = (since: number, times: readonly (number | null)[]): (number | null)[] =>
  times.map((time) => (time === null ? null : Math.round(time) - since))

const sqlType = (type: string): string => (type === 'ms' ? 'bigint' : type)

function literal({ type, habit }: Column): string {
  const usual = typeof habit === 'object' ? habit.usual : null
  return `${typeof usual === 'string' ? `'${usual}'` : usual}::${sqlType(type)}`
}

interface Statement {
  filled: readonly Filled[]
  /** Nothing is taken for granted: each part finds out for itself whose guard held. */
  careful: boolean
}

interface Clause {
  filled: Filled
  name: string
  firstParameter: number
  careful: boolean
}

/** `unnest` in the select list goes from row to row; in `from` it would fill a table per column first. */
function withClause({ filled, name, firstParameter, careful }: Clause): string {
  let parameter = firstParameter
  const columns = columnsOf(filled).map((column) => {
    const type = sqlType(column.type)
    const as = column.name
    const form = formOf(filled, column)
    if (form === 'none') return `${literal(column)} as ${as}`
    const given = `$${parameter++}`
    return `${form === 'one' ? `${given}::${type}` : `unnest(${decodeColumn(type, given)})`} as ${as}`
  })
  const source = `${filled.part.key}x`
  const saved = careful ? ' join saved using (id)' : ''
  const sql = filled.part.sql.replaceAll('{x}', source).replace('{name}', name).replaceAll('{saved}', saved)
  return `${source} as (select ${columns.join(', ')}),\n${sql}`
}

const divisionByZero = '22012'
const statements = new Map<string, string>()
/** A connection keeps a plan of each, some 100 KB; what comes after so many is rare and planned each time. */
const mostStatements = 150

function statementFor({ filled, careful }: Statement): { text: string; name?: string } {
  const forms = filled.map(({ part, single, lean }) => `${part.key}${single ? '1' : ''}${lean ? '' : '_'}`)
  const name = `save_${forms.join('')}${careful ? '!' : ''}`
  let text = statements.get(name)
  if (text === undefined) {
    text = buildStatement({ filled, careful })
    if (statements.size >= mostStatements) return { text }
    statements.set(name, text)
  }
  return { text, name }
}

const isHead = ({ part }: Filled): boolean => part === insertPart || part === updatePart

function buildStatement({ filled, careful }: Statement): string {
  const heads = filled.filter(isHead)
  const clauses: string[] = []
  const demands: string[] = []
  let parameter = 1
  for (const item of filled) {
    const name = isHead(item) && heads.length === 1 ? 'saved' : item.part.key
    clauses.push(withClause({ filled: item, name, firstParameter: parameter, careful }))
    const demand = isHead(item) && !careful ? `(select count(*) from ${name}) = {count}` : item.part.demands
    if (demand) demands.push(demandOf(item, demand, parameter))
    parameter += countParameters(item)
    if (heads.length === 2 && item === heads[1]) {
      clauses.push(`saved as (${heads.map(({ part }) => `select id from ${part.key}`).join(' union all ')})`)
    }
  }
  const where = demands.length > 0 ? ` where ${demands.join(' and ')}` : ''
  return `with ${clauses.join(',\n')}\nselect id from saved${where}`.replaceAll(
    '{since}',
    `$${parameter}::float8`,
  )
}

const countParameters = (filled: Filled): number =>
  columnsOf(filled).filter((column) => formOf(filled, column) !== 'none').length

/** Breaks the statement off by a division by zero, which must not be foreseen when it is planned. */
function demandOf({ single }: Filled, demands: string, ids: number): string {
  const holds = demands.replace('{count}', single ? '1' : `cardinality($${ids}::bigint[])`)
  return `1 / (case when ${holds} then 1 else 0 end) = 1`
}

/** Something that a part demands did not hold. */
const wasNotMet = (error: unknown): boolean => sqlState(error) === divisionByZero

/**
 * Writes all saves in one statement and one commit; returns the ids of those whose guard held. Nearly always that is
 * every one: so it is taken for granted first, and only if that was wrong, when nothing has been written, each row asks.
 */
export async function writeSaves(db: Pick<Db, 'query'>, saves: readonly Save[]): Promise<Set<string>> {
  try {
    return await write(db, saves)
  } catch (error) {
    if (!wasNotMet(error) || saves.every((save) => save.careful)) throw error
    for (const save of saves) save.careful = true
    return write(db, saves)
  }
}

/** One that may be there already is likely to be refused. */
const isCareful = (saves: readonly Save[]): boolean =>
  saves.some((save) => save.careful || save.insert?.dedupKey !== undefined)

async function write(db: Pick<Db, 'query'>, saves: readonly Save[]): Promise<Set<string>> {
  const filled = [insertPart, updatePart, ...parts].flatMap((part) => fill(part, saves) ?? [])
  const { text, name } = statementFor({ filled, careful: isCareful(saves) })
  const since = Date.now()
  const parameters = filled.flatMap((item) => encode(item, since))
  const rows = await db.query<{ id: string }>(text, [...parameters, String(since / 1000)], name)
  return new Set(rows.map(({ id }) => id))
}
