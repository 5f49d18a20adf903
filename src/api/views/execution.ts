// Executions as the API answers them.
import { type Caller, mayOnWorkflow } from '../../access/permissions.ts'
import type { WorkflowDocument } from '../../core/document.ts'
import type { ListedExecution } from '../../store/executions-list.ts'
import type { ExecutionHeadRow, ExecutionRow } from '../../store/executions-read.ts'
import type { ExecutionHead, ExecutionListItem, ExecutionSummary } from '../contract/executions.ts'
import { legalActs, rebindableNodes } from '../legal-acts.ts'
import { iso, isoOrNull, present } from './present.ts'

interface TargetColumns {
  targetCollection: string | null
  targetId: string | null
  targetLabel: string | null
}

export function targetView(row: TargetColumns) {
  if (row.targetCollection === null || row.targetId === null) return null
  return { collection: row.targetCollection, id: row.targetId, label: row.targetLabel ?? row.targetId }
}

export function summaryView(row: ExecutionRow): ExecutionSummary {
  const { parentId, parentRun } = row
  return present({
    id: row.id,
    workflow: row.workflow,
    workflowTitle: row.workflowTitle ?? row.workflow,
    version: row.version,
    status: row.status,
    waiting: row.waiting,
    attention: row.attention,
    test: row.test,
    reason: row.reason,
    target: targetView(row),
    trigger: row.trigger,
    startedBy: row.startedBy,
    parent: parentId === null ? null : { execution: parentId, run: parentRun ?? '' },
    ...originView(row.origin),
    createdAt: iso(row.createdAt),
    startedAt: isoOrNull(row.startedAt),
    endedAt: isoOrNull(row.endedAt),
    seq: row.seq,
  })
}

function originView(origin: string | null): { schedule?: string; batch?: string } {
  const [kind, id] = origin?.split(':') ?? []
  return kind === 'schedule' || kind === 'batch' ? { [kind]: id } : {}
}

export function listItemView(row: ListedExecution, caller: Caller): ExecutionListItem {
  const { parentId, parentTitle, scheduleName, lastAct: act, lastActBy: by, lastActAt: at } = row
  return {
    ...summaryView(row),
    ...present({
      parentTitle: parentId === null ? null : parentTitle,
      scheduleName,
      lastAct: act === null || by === null || at === null ? null : { act, by, at: iso(at) },
    }),
    mayAct: caller.permissions.has('execution.act') && mayOnWorkflow(caller, row.workflow, 'run'),
  }
}

export function headView(
  row: ExecutionHeadRow,
  view: { document: WorkflowDocument; mayRun: boolean },
): ExecutionHead {
  return {
    ...summaryView(row),
    acts: view.mayRun ? legalActs(row.snapshot) : [],
    notReached: nodesNotReached(row, view.document),
    rebindable: view.mayRun ? rebindableNodes(row.snapshot, view.document) : [],
    ...present({ output: row.output, error: row.error && { kind: 'failed' as const, ...row.error } }),
  }
}

/** While it runs: nodes whose inbound edges are all untaken. After the end: whatever never started. */
function nodesNotReached(row: ExecutionHeadRow, document: WorkflowDocument): string[] {
  const marks = row.snapshot.scopes?.['']?.marks ?? {}
  const started = row.started && new Set(row.started)
  return document.nodes
    .filter(({ id }) => marks[id] === '' || (started && !started.has(id)))
    .map(({ id }) => id)
}
