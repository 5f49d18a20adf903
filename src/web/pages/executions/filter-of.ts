// From the address of the list to what the server is asked.
import type { ExecutionFilter } from '../../data/queries.ts'
import type { ExecutionsSearch } from '../../search.ts'
import { sinceOf } from './since.ts'

const timeOf = (text: string | undefined): string | undefined => {
  const at = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}
const idOf = (text: string | undefined) => (text && /^[0-9]{1,18}$/.test(text) ? text : undefined)
const versionOf = (text: string | undefined) => (idOf(text) ? Number(text) || undefined : undefined)

/** What the server would refuse is left out. */
export function filterOf(search: ExecutionsSearch, now: number): ExecutionFilter {
  const { period, attention, needs, test, version, schedule, batch, parent, from, to, ...rest } = search
  const all = {
    ...rest,
    version: versionOf(version),
    schedule: idOf(schedule),
    batch: idOf(batch),
    parent: idOf(parent),
    from: period ? sinceOf(period, now) : timeOf(from),
    to: period ? undefined : timeOf(to),
    attention: attention && true,
    needsMe: needs && true,
    test: test && test === 'yes',
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as ExecutionFilter
}

/** As it stands in the address: two searches are the same when their texts are. */
export function textOf(search: ExecutionsSearch): string {
  const entries = Object.entries(search).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return new URLSearchParams(entries.sort(([one], [other]) => one.localeCompare(other))).toString()
}
