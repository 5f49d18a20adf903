// What a node was told to do, as written and as it was at run, place by place. Pure.
import { isJsonObject, type Json } from '../../../core/json.ts'
import { pathExpression } from '../../ui/json-path.ts'

export interface SettingRow {
  /** `body.json.title` */
  path: string
  written: Json | undefined
  /** Undefined: not known, or left out when it ran. */
  atRun: Json | undefined
  /** It was worked out: as written it is not what ran. */
  resolved: boolean
}

const isBranch = (value: Json | undefined): value is Json[] | { [key: string]: Json } =>
  (Array.isArray(value) || (value !== undefined && isJsonObject(value))) && Object.keys(value).length > 0

/** One row for each value; a text that gave a whole object is one row. */
export function settingRows(written: Json | undefined, atRun: Json | undefined): SettingRow[] {
  const rows: SettingRow[] = []
  const visit = (one: Json | undefined, other: Json | undefined, path: (string | number)[]): void => {
    if (!goesDeeper(one, other)) {
      if (path.length > 0) rows.push(rowOf(pathExpression('', path), one, other))
      return
    }
    const isList = Array.isArray(one ?? other)
    for (const key of new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})]))
      visit(member(one, key), member(other, key), [...path, isList ? Number(key) : key])
  }
  visit(written, atRun, [])
  return rows
}

/** Both are made of parts, or the only one there is. */
const goesDeeper = (one: Json | undefined, other: Json | undefined): boolean =>
  one === undefined ? isBranch(other) : isBranch(one) && (other === undefined || isBranch(other))

const member = (value: Json | undefined, key: string): Json | undefined =>
  isBranch(value) ? (value as { [key: string]: Json })[key] : undefined

function rowOf(path: string, written: Json | undefined, atRun: Json | undefined): SettingRow {
  const resolved = atRun !== undefined && JSON.stringify(written) !== JSON.stringify(atRun)
  return { path, written, atRun, resolved }
}
