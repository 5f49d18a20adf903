// An attempt is over from outside: its effect is aborted, its task closed, its child execution terminated.
import type { Command } from '../core/command.ts'
import { findChildren } from '../store/executions.ts'
import type { QueueRow } from '../store/save.ts'
import { queueClaimed, type Turn } from './turn.ts'

type StopCommand = Extract<Command, { type: 'stop' }>

export function stopRun(turn: Turn, command: StopCommand): Promise<void> | undefined {
  const { run, attempt } = command
  const before = turn.live.state.runs[run]
  turn.aborted.push({ run, attempt })
  turn.save.unqueue.push({ run, attempt })
  const answered = turn.save.closeTasks.some((task) => task.run === run && task.attempt === attempt)
  if (before?.wait === 'person' && !answered) turn.save.closeTasks.push({ run, attempt })
  if (before?.wait === 'child') return actOnChildren(turn, 'terminate', run)
  return undefined
}

/**
 * Children are other executions, perhaps of other processes: what they are to do is queued for them. `follow`: be
 * paused while the parent is.
 */
export async function actOnChildren(turn: Turn, act: 'follow' | 'terminate', run?: string): Promise<void> {
  if (turn.live.insert) return
  const children = await findChildren(turn.core.pool, turn.live.id)
  for (const child of children) {
    if (run !== undefined && child.run !== run) continue
    queueClaimed(turn, actRow(turn, child, act))
  }
}

/** Each turn's row has a name of its own: being done with one must not take away the next. */
function actRow(turn: Turn, child: { id: string; workflow: string }, act: string): QueueRow {
  const run = `${act}:${turn.live.id}:${turn.save.seq}`
  return { execution: child.id, run, attempt: 0, kind: 'act', workflow: child.workflow, payload: { act } }
}
