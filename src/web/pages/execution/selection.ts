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
  const failed = runs.filter((run) => isFailure(run.status))
  const deepest = failed.filter((run) => !failed.some((other) => other.id.startsWith(`${run.id}[`)))
  deepest.sort((a, b) => (b.endedAt ?? '').localeCompare(a.endedAt ?? ''))
  const held = deepest[0] ?? runs.find((run) => run.status === 'risky')
  return (held ?? runs.find((run) => run.status === 'waiting' && run.wait?.for === 'person'))?.id
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
