import { type Caller, mayOnWorkflow } from '../../access/permissions.ts'
import type { BatchCounts, BatchTargetRow } from '../../store/batch-targets-read.ts'
import type { BatchRow } from '../../store/batches.ts'
import type { Batch, BatchTarget } from '../contract/batches.ts'
import { iso, isoOrNull, present } from './present.ts'

export function batchView(row: BatchRow, counts: BatchCounts, caller: Caller): Batch {
  return {
    ...present({
      id: row.id,
      workflow: row.workflow,
      workflowTitle: row.workflowTitle ?? row.workflow,
      version: row.version,
      collection: row.collection,
      inputs: row.inputs,
      conditions: row.conditions,
      parallel: row.parallel,
      stopCount: row.stopCount,
      stopPercent: row.stopPercent,
      state: row.state,
      reason: row.reason,
      owner: row.owner,
      createdAt: iso(row.createdAt),
      endedAt: isoOrNull(row.endedAt),
    }),
    counts: counts.byStatus,
    attention: counts.attention,
    asks: counts.asks,
    acts: actsOf(row, counts, caller),
  }
}

function actsOf({ workflow, state }: BatchRow, counts: BatchCounts, caller: Caller): Batch['acts'] {
  if (!mayOnWorkflow(caller, workflow, 'run')) return []
  const waiting = (counts.byStatus['not-started'] ?? 0) > 0
  const all: Record<Batch['acts'][number], boolean> = {
    pause: state === 'running' && waiting,
    resume: state === 'paused' || (state === 'stopped' && waiting),
    retry: counts.failed > 0,
    stop: state === 'running' || state === 'paused',
  }
  return (['pause', 'resume', 'retry', 'stop'] as const).filter((act) => all[act])
}

export const batchTargetView = (row: BatchTargetRow): BatchTarget =>
  present({ ...row, status: row.status as BatchTarget['status'] })
