import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { useExecutionPage } from './context.ts'
import { runTitle } from './labels.ts'

/** How an act names its run, where it is sent, and the attempt it is meant for: a late click is refused. */
export function useTarget(run: NodeRun) {
  const page = useExecutionPage()
  return {
    title: runTitle(page, run.id),
    params: { id: page.live.execution.id, run: run.id },
    guard: { attempt: run.attempt },
  }
}
