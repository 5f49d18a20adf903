// What became of a node on a record: the worst of its runs there, for in a loop it may have several. Pure.
import { keyOf, nodeOf } from '../../../core/run-id.ts'
import { isFailure, isSettled, type RunStatus } from '../../../core/statuses.ts'

interface RunFacts {
  id: string
  status: RunStatus
}

export function statusOnRecord(
  runs: Iterable<RunFacts>,
): (node: string, record: string) => RunStatus | undefined {
  const found = new Map<string, RunStatus>()
  for (const { id, status } of runs) {
    const record = keyOf(id)
    if (record === undefined) continue
    const place = `${nodeOf(id)}[${record}]`
    const known = found.get(place)
    if (known === undefined || rank(status) > rank(known)) found.set(place, status)
  }
  return (node, record) => found.get(`${node}[${record}]`)
}

function rank(status: RunStatus): number {
  if (isFailure(status)) return 2
  return isSettled(status) ? 0 : 1
}
