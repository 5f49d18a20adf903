// How far an execution is with each record: of the nodes bound to it, how many are done. Pure.
import type { AssociationGraph } from '../../api/contract/associations.ts'
import { isFailure, type RunStatus } from '../../core/statuses.ts'

export interface RecordProgress {
  /** Completed or skipped. */
  done: number
  failed: number
  /** Nodes bound to the record. */
  total: number
}

export type Fill = 'none' | 'some' | 'all' | 'failed'

/** As in WeCube: white, blue, green; and red once something failed on it. */
export function fillOf({ done, failed, total }: RecordProgress): Fill {
  if (failed > 0) return 'failed'
  if (done === 0 || total === 0) return 'none'
  return done >= total ? 'all' : 'some'
}

export function sumProgress(parts: Iterable<RecordProgress | undefined>): RecordProgress {
  const sum = { done: 0, failed: 0, total: 0 }
  for (const part of parts) {
    sum.done += part?.done ?? 0
    sum.failed += part?.failed ?? 0
    sum.total += part?.total ?? 0
  }
  return sum
}

/** `statusOf`: of the newest run of a node on a record; undefined before it starts. By the record's key. */
export function recordProgress(
  graph: Pick<AssociationGraph, 'nodes'>,
  statusOf: (node: string, record: string) => RunStatus | undefined,
): Map<string, RecordProgress> {
  const progress = new Map<string, RecordProgress>()
  for (const { key, id, boundBy } of graph.nodes) {
    if (boundBy.length === 0) continue
    const statuses = boundBy.map((node) => statusOf(node, id))
    progress.set(key, {
      done: statuses.filter((status) => status === 'completed' || status === 'skipped').length,
      failed: statuses.filter((status) => status !== undefined && isFailure(status)).length,
      total: boundBy.length,
    })
  }
  return progress
}
