// What in a statement destroys more than one row was meant to, as far as its text tells.
import type { Risk, Text } from '../../sdk/node-type.ts'

interface Rule {
  rule: string
  message: Text
  pattern: RegExp
  /** It is no risk when this stands anywhere in the statement. */
  unless?: RegExp
}

const rules: readonly Rule[] = [
  {
    rule: 'drop',
    message: {
      en: 'removes an object of the database with all its data',
      zh: '删除数据库对象及其全部数据',
      ru: 'удаляет объект базы данных со всеми данными',
    },
    pattern: /\bdrop\s+(table|schema|database|materialized\s+view|owned)\b[^;]*|\bdrop\s+column\b[^;]*/i,
  },
  {
    rule: 'truncate',
    message: {
      en: 'removes all rows of a table',
      zh: '清空整张表',
      ru: 'удаляет все строки таблицы',
    },
    pattern: /\btruncate\s+(table\s+)?[\w".]+[^;]*/i,
  },
  {
    rule: 'delete-all',
    message: {
      en: 'deletes all rows of a table: it has no where',
      zh: '删除整张表的所有行：没有 where 条件',
      ru: 'удаляет все строки таблицы: нет where',
    },
    pattern: /\bdelete\s+from\b[^;]*/i,
    unless: /\bwhere\b/i,
  },
  {
    rule: 'update-all',
    message: {
      en: 'changes all rows of a table: it has no where',
      zh: '更改整张表的所有行：没有 where 条件',
      ru: 'меняет все строки таблицы: нет where',
    },
    pattern: /\bupdate\s+(only\s+)?[\w".]+(\s+(as\s+)?\w+)?\s+set\b[^;]*/i,
    unless: /\bwhere\b|\bon\s+conflict\b/i,
  },
]

export function findSqlRisks(sql: string): Risk[] {
  const code = blankOut(sql)
  return rules.flatMap(({ rule, message, pattern, unless }) => {
    const match = pattern.exec(code)
    if (!match || unless?.test(code)) return []
    const found = sql.slice(match.index, match.index + match[0].length).trim()
    return [{ rule, message, found, line: sql.slice(0, match.index).split('\n').length }]
  })
}

/** Comments and texts become spaces: positions stay. */
const blankOut = (sql: string): string =>
  sql.replace(/--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:''|[^'])*'|\$(\w*)\$[\s\S]*?\$\1\$/g, (part) =>
    part.replace(/[^\n]/g, ' '),
  )
