import type { NodeRun, RunAct } from '../../../api/contract/node-runs.ts'
import type { ShownStatus } from '../../ui/status-legend.ts'
import { useExecutionPage } from './context.ts'
import { runTitle } from './labels.ts'

interface Target {
  /** How an act names its run. */
  title: string
  params: { id: string; run: string }
  /** The attempt it is meant for: a late click is refused. */
  guard: { attempt: number }
  /** What became of the run meanwhile, when the act is not legal any more. */
  changed: ShownStatus | undefined
}

/** `run`: as it was when the act was chosen. */
export function useTarget(run: NodeRun, act: RunAct): Target {
  const page = useExecutionPage()
  const newest = page.now.runs.get(run.id)?.at(-1) ?? run
  const stands = newest.attempt === run.attempt && newest.acts.includes(act)
  return {
    title: runTitle(page, run.id),
    params: { id: page.now.execution.id, run: run.id },
    guard: { attempt: run.attempt },
    changed: stands ? undefined : page.statusOf(newest),
  }
}
