// Values of PostgreSQL as JSON: what JSON does not know stays the text that PostgreSQL prints.
import pg from 'pg'
import type { Json } from '../core/json.ts'

const { builtins } = pg.types
const json = new Set<number>([builtins.JSON, builtins.JSONB])
const numbers = new Set<number>([
  builtins.INT2,
  builtins.INT4,
  builtins.INT8,
  builtins.OID,
  builtins.FLOAT4,
  builtins.FLOAT8,
  builtins.NUMERIC,
])
// Of booleans, text, uuid, varchar and the integer and float kinds.
const lists = new Set<number>([1000, 1005, 1007, 1009, 1015, 1021, 1022, 2951])

function toNumber(text: string): Json {
  const value = Number(text)
  const isExact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  return isExact ? value : text
}

/** `timestamptz` as ISO 8601 in UTC; infinities and years beyond JavaScript stay text. */
function toInstant(text: string): Json {
  const at = new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'))
  return Number.isNaN(at.getTime()) ? text : at.toISOString()
}

/** The parser `pg` shall use for the column type `oid`. */
export function parserFor(oid: number): (text: string) => unknown {
  if (oid === builtins.BOOL) return (text) => text === 't'
  if (numbers.has(oid)) return toNumber
  if (json.has(oid)) return (text) => JSON.parse(text)
  if (oid === builtins.TIMESTAMPTZ) return toInstant
  if (oid === builtins.TIMESTAMP) return (text) => text.replace(' ', 'T')
  if (lists.has(oid)) return pg.types.getTypeParser(oid) as (text: string) => unknown
  return (text) => text
}
