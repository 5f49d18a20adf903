// What the page shows when it opens, and which items of containers must be paged to for it to be seen. Pure.
import { keyOf, ownerOf, scopeOf } from '../../../core/run-id.ts'
import { isFailure, type RunStatus } from '../../../core/statuses.ts'
import type { Pages } from '../../canvas/run-index.ts'

interface RunFacts {
  id: string
  status: RunStatus
  wait?: { for: string } | undefined
  endedAt?: string | undefined
}

/** The deepest failure that ended last, else who waits for a person, else nothing. */
export function firstSelection(runs: readonly RunFacts[]): string | undefined {
  const held = failures(runs)[0] ?? runs.find((run) => run.status === 'risky')
  return (held ?? runs.find((run) => run.status === 'waiting' && run.wait?.for === 'person'))?.id
}

/** What failed itself, not what it took down with it; the last one first. */
export function failures<R extends RunFacts>(runs: readonly R[]): R[] {
  const failed = runs.filter((run) => isFailure(run.status))
  const outer = new Set(failed.flatMap(({ id }) => outerRuns(id)))
  return failed
    .filter(({ id }) => !outer.has(id))
    .sort((a, b) => (b.endedAt ?? '').localeCompare(a.endedAt ?? ''))
}

/** The runs a run lies in: `each[2]/tidy/work[h1]` in `each[2]/tidy/work`, `each[2]/tidy` and `each`. */
function outerRuns(id: string): string[] {
  const outer: string[] = []
  for (let at = id; at !== ''; ) {
    const owner = ownerOf(at)
    // The scope of a group has the id of its run.
    at = owner ?? scopeOf(at)
    if (at !== '') outer.push(at)
  }
  return outer
}

/** `each[41]/restart[host-3]` is seen on page 41 of `each`. */
export function pagesFor(run: string | undefined): Pages {
  const pages: Record<string, string> = {}
  for (let scope = scopeOf(run ?? ''); scope !== ''; scope = scopeOf(scope)) {
    const owner = ownerOf(scope)
    const key = keyOf(scope)
    if (owner !== undefined && key !== undefined) pages[owner] = key
  }
  return pages
}
