// One SQL statement, its holes bound as parameters.
import Type, { type Static } from 'typebox'
import { AppError } from '../../core/errors.ts'
import type { Json } from '../../core/json.ts'
import { type Fail, fail } from '../../core/outcome.ts'
import { failFrom } from '../../sdk/fail-from.ts'
import type { NodeType, SqlText } from '../../sdk/node-type.ts'
import { Sql } from '../../sdk/text.ts'
import { findSqlRisks } from './risks.ts'

const Config = Type.Object(
  {
    sql: Sql({
      title: 'Statement',
      description: 'One statement. Values in {{ }} are passed as parameters, never pasted into the text.',
      minLength: 1,
      maxLength: 100_000,
    }),
    connection: Type.Optional(
      Type.String({
        title: 'Connection',
        description: 'A stored connection to another PostgreSQL. Default: the records of this system.',
      }),
    ),
    readOnly: Type.Optional(
      Type.Boolean({ title: 'Read only', description: 'Default yes: the statement can change nothing.' }),
    ),
    maxRows: Type.Optional(
      Type.Integer({ title: 'Rows at most', description: 'Default 1,000.', minimum: 1, maximum: 100_000 }),
    ),
  },
  { additionalProperties: false },
)
type Config = Omit<Static<typeof Config>, 'sql'> & { sql: SqlText }

export const nodeType: NodeType<Config> = {
  type: 'sql',
  version: 1,
  title: { en: 'SQL', zh: 'SQL', ru: 'SQL' },
  summary: {
    en: 'Runs one SQL statement and outputs its rows',
    zh: '执行一条 SQL 语句并输出结果行',
    ru: 'Выполняет один оператор SQL и выдаёт строки',
  },
  icon: 'database',
  group: 'data',
  config: Config,
  output: Type.Object({
    rows: Type.Array(Type.Record(Type.String(), Type.Unknown())),
    rowCount: Type.Integer(),
    truncated: Type.Optional(Type.Boolean()),
  }),
  effect: 'write',
  async run(ctx) {
    const { sql, connection, readOnly = true, maxRows } = ctx.config
    const options = {
      readOnly,
      ...(connection === undefined ? {} : { connection }),
      ...(maxRows === undefined ? {} : { maxRows }),
    }
    try {
      const { rows, rowCount, truncated } = await ctx.sql(sql, options)
      if (truncated) ctx.log(`Only the first ${rows.length} rows were kept`, 'warn')
      return { type: 'done', output: { rows, rowCount, ...(truncated ? { truncated } : {}) } }
    } catch (error) {
      return toFailure(error)
    }
  },
  // What is read only changes nothing, whatever it says.
  risks: ({ sql, readOnly = true }) => (readOnly ? [] : findSqlRisks(sql.text)),
  plan: ({ config }) => [`SQL${config.readOnly === false ? '' : ' (read only)'}: ${config.sql.text}`],
}

/** What a database says of a statement; anything else tells of the way to it. */
const sqlState = /^(?=.*\d)[0-9A-Z]{5}$/
/** Connections, shutdown, resources, conflicts with others: the same statement may succeed later. */
const passing = /^(08|57P|53|40)/

function toFailure(error: unknown): Fail {
  if (!(error instanceof AppError) || error.code !== 'sql-failed') return failFrom(error)
  const { cause } = error.details
  const { code, position } = (cause ?? {}) as { code?: unknown; position?: unknown }
  const isRefusal = cause === undefined || (sqlState.test(String(code)) && !passing.test(String(code)))
  const details: { [key: string]: Json } = {}
  if (typeof code === 'string') details.sqlstate = code
  if (position !== undefined) details.position = Number(position)
  return fail(isRefusal ? 'failed' : 'error', 'sql-failed', error.message, details)
}
