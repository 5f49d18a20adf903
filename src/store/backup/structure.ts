// What it takes to make the tables of collections again elsewhere. The engine's own are made by migrations.
import type { Db } from '../db.ts'
import { type Definition, readDefinitions } from '../schema-dump.ts'

export interface Structure {
  /** Before the rows are there: tables without rules. */
  before: string[]
  /** Keys, indexes, references, triggers and views. */
  after: string[]
}

export async function readDataStructure(db: Db): Promise<Structure> {
  const { sequences, tables, columns, constraints, indexes, triggers, functions, views } =
    await readDefinitions(db, 'data')
  const texts = (all: Definition[]) => all.map(({ text }) => text)
  const rules = (references: boolean) =>
    constraints
      .filter(({ text }) => / FOREIGN KEY /.test(text) === references)
      .map(({ owner, text }) => `alter table data.${quote(owner)} add ${text}`)
  const makeTable = ({ name, text }: Definition) => {
    const own = columns.filter(({ owner }) => owner === name)
    return `create table data.${quote(name)} (${texts(own).join(', ')})${text}`
  }
  return {
    before: [...texts(sequences), ...texts(functions), ...tables.map(makeTable)],
    after: [...rules(false), ...texts(indexes), ...rules(true), ...texts(triggers), ...texts(views)],
  }
}

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`
