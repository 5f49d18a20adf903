// An attempt is over from outside: its effect is aborted, its task closed, its child execution terminated.
import type { Command } from '../core/command.ts'
import { queueClaimed, type Turn } from './turn.ts'

type StopCommand = Extract<Command, { type: 'stop' }>

export function stopRun(turn: Turn, command: StopCommand): void {
  const { run, attempt } = command
  const before = turn.live.state.runs[run]
  turn.aborted.push({ run, attempt })
  turn.save.unqueue.push({ run, attempt })
  const answered = turn.save.closeTasks.some((task) => task.run === run && task.attempt === attempt)
  if (before?.wait === 'person' && !answered) turn.save.closeTasks.push({ run, attempt })
  if (before?.wait === 'child') tellChildren(turn, { tell: 'terminate', of: { run, attempt } })
}

/** What the children of an execution, or of one of its runs, are to do. `follow`: be paused while the parent is. */
export interface ChildrenAct {
  tell: 'follow' | 'terminate'
  /** Not those of a later attempt. */
  of?: { run: string; attempt: number }
}

/**
 * Children are looked for after the commit: one whose start was under way is found then, or finds out itself. Each
 * turn's row has a name of its own: being done with one must not take away the next.
 */
export function tellChildren(turn: Turn, act: ChildrenAct): void {
  const { live, save } = turn
  const run = `${act.tell}:${save.seq}:${act.of?.run ?? ''}`
  const payload = { act: 'tell-children', ...act }
  queueClaimed(turn, { run, attempt: 0, kind: 'act', workflow: live.version.workflow, payload })
}
