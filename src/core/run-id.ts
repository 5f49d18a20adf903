// Run ids are computed, stable over replay and readable: `restart`, `restart[host-3]`, `each[41]/restart`.

/** Keys of items in run ids; record ids obey it too. */
export const itemKeyPattern = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/

/** The run of a node in a scope; the root scope is `''`. */
export function runId(scope: string, node: string): string {
  return scope === '' ? node : `${scope}/${node}`
}

/** One item of a run: a bound record's run, or the scope of an iteration or branch. */
export function itemId(run: string, key: string | number): string {
  return `${run}[${key}]`
}

/** One attempt of a run. The first one, which most runs leave it at, needs no text of its own. */
export function attemptId(run: string, attempt: number): string {
  return attempt === 1 ? run : `${run}#${attempt}`
}

/** The scope a run lives in. */
export function scopeOf(run: string): string {
  const slash = run.lastIndexOf('/')
  return slash < 0 ? '' : run.slice(0, slash)
}

let lastId = ''
let lastNode = ''

/** The node id of a run or of the container of a scope. Asked several times for one run, and then for the next. */
export function nodeOf(id: string): string {
  if (id === lastId) return lastNode
  const start = id.lastIndexOf('/') + 1
  const bracket = id.indexOf('[', start)
  lastNode = bracket < 0 ? id.slice(start) : id.slice(start, bracket)
  lastId = id
  return lastNode
}

/** `restart[host-3]` → `restart`; undefined when the id has no key. */
export function ownerOf(id: string): string | undefined {
  return id.endsWith(']') ? id.slice(0, id.lastIndexOf('[')) : undefined
}

/** `restart[host-3]` → `host-3`. */
export function keyOf(id: string): string | undefined {
  return id.endsWith(']') ? id.slice(id.lastIndexOf('[') + 1, -1) : undefined
}

/** Whether a run or scope lies below a run: its items, their scopes and everything in them. */
export function isInside(id: string, run: string): boolean {
  if (!id.startsWith(run)) return false
  const next = id[run.length]
  return next === '[' || next === '/'
}
