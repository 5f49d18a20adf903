import type { ExecutionListItem } from '../../../api/contract/executions.ts'
import { isEnded } from '../../../core/statuses.ts'

export const bulkActs = ['pause', 'resume', 'retry', 'terminate'] as const
export type BulkAct = (typeof bulkActs)[number]

/** Whether an act makes sense for a row as it is shown; the server has the last word. */
export function mayBulk(
  act: BulkAct,
  row: Pick<ExecutionListItem, 'status' | 'attention' | 'mayAct'>,
): boolean {
  if (!row.mayAct) return false
  switch (act) {
    case 'pause':
      return row.status === 'running'
    case 'resume':
      return row.status === 'paused'
    case 'retry':
      return row.attention || ['failed', 'error', 'rejected'].includes(row.status)
    case 'terminate':
      return !isEnded(row.status)
  }
}
