// Which tables a backup holds, with the columns that can be written.
import type { Db } from '../db.ts'
import { quote } from './structure.ts'

export interface TableShape {
  schema: 'fermata' | 'data'
  name: string
  columns: string[]
}

/**
 * Who runs and who is signed in means nothing elsewhere: claims of processes that are not there are judged as those of
 * dead ones (rule 22), people sign in again.
 */
const leftOut = ['migrations', 'processes', 'sessions', 'sign_in_links', 'sign_in_attempts']

export async function listTables(db: Db): Promise<TableShape[]> {
  return db.query<TableShape>(
    `select c.relnamespace::regnamespace::text as schema, c.relname as name,
       array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace in ('fermata'::regnamespace, 'data'::regnamespace) and c.relkind = 'r'
       and not (c.relnamespace = 'fermata'::regnamespace and c.relname = any($1))
     group by c.oid order by c.relnamespace::regnamespace::text, c.relname collate "C"`,
    [leftOut],
  )
}

export const nameOf = ({ schema, name }: TableShape): string => `${schema}.${quote(name)}`

export const copySpec = (table: TableShape): string =>
  `${nameOf(table)} (${table.columns.map(quote).join(', ')})`

export interface SequenceState {
  name: string
  value: string
}

/** Those that have given out a number. */
export async function readSequences(db: Db): Promise<SequenceState[]> {
  return db.query<SequenceState>(
    `select quote_ident(schemaname) || '.' || quote_ident(sequencename) as name, last_value as value from pg_sequences
     where schemaname in ('fermata', 'data') and last_value is not null order by 1`,
  )
}
