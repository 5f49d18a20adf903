// A runtime made of nothing: answers the core's commands by a table, in any order, keeping the list of events.
import { advance } from '../../src/core/advance.ts'
import type { Command } from '../../src/core/command.ts'
import type { WorkflowDocument } from '../../src/core/document.ts'
import type { Plan } from '../../src/core/draft.ts'
import type { ExecutionEvent, RunEvent } from '../../src/core/event.ts'
import { compileGraph } from '../../src/core/graph.ts'
import { initialState, type State } from '../../src/core/state.ts'
import { isEnded } from '../../src/core/statuses.ts'

/** What the run of a node answers: the same for the same run and attempt. */
export type Answer =
  | { type: 'done'; ports?: string[]; end?: 'completed' | 'failed' }
  | { type: 'fail'; kind: 'failed' | 'error' | 'rejected' | 'timed-out' }
  | { type: 'wait'; for: 'time' | 'person' }
  | { type: 'each'; count: number }
  | { type: 'while'; count: number }

export type Answers = (node: string, run: string, attempt: number) => Answer

const containers = { loop: 'loop', parallel: 'parallel', group: 'group' } as const

export function planOf(document: WorkflowDocument, bindings: Record<string, string[]> = {}): Plan {
  const graph = compileGraph(document, (type) => ({
    inline: false,
    ...(type in containers ? { container: containers[type as keyof typeof containers] } : {}),
  }))
  return { graph, bindings: new Map(Object.entries(bindings)) }
}

export interface Simulation {
  plan: Plan
  state: State
  events: ExecutionEvent[]
  commands: Command[]
  /** Events that could come next, one per thing under way. */
  pending: RunEvent[]
  maxBytes: number
}

export function simulate(plan: Plan): Simulation {
  return { plan, state: initialState(), events: [], commands: [], pending: [], maxBytes: 0 }
}

export function send(simulation: Simulation, event: ExecutionEvent, answers: Answers): readonly Command[] {
  const step = advance(simulation.plan, simulation.state, event)
  simulation.state = step.state
  simulation.events.push(event)
  simulation.commands.push(...step.commands)
  for (const command of step.commands) react(simulation, command, answers)
  return step.commands
}

function react(simulation: Simulation, command: Command, answers: Answers): void {
  const { pending, plan } = simulation
  switch (command.type) {
    case 'run': {
      if (command.afterMs) pending.push({ type: 'began', run: command.run, attempt: command.attempt })
      pending.push(answerEvent(command, answers(command.node, command.run, command.attempt)))
      return
    }
    case 'resume':
      pending.push({ type: 'done', run: command.run, attempt: command.attempt, ports: ['out'] })
      return
    case 'decide': {
      const answer = answers(command.node, command.run, command.attempt)
      const more = answer.type === 'while' && command.index < answer.count
      pending.push({ type: 'decided', run: command.run, attempt: command.attempt, more })
      return
    }
    case 'bind': {
      const keys = plan.bindings.get(command.run) ?? plan.bindings.get(command.node) ?? []
      pending.push({ type: 'bound', run: command.run, attempt: command.attempt, count: keys.length })
      return
    }
    case 'stop':
    case 'finish':
      simulation.pending = pending.filter(
        (event) =>
          command.type !== 'finish' && (event.run !== command.run || event.attempt !== command.attempt),
      )
      return
    default:
  }
}

function answerEvent(command: { run: string; attempt: number }, answer: Answer): RunEvent {
  const { run, attempt } = command
  switch (answer.type) {
    case 'done':
      return {
        type: 'done',
        run,
        attempt,
        ports: answer.ports ?? ['out'],
        ...(answer.end ? { end: answer.end } : {}),
      }
    case 'fail':
      return { type: 'failed', run, attempt, kind: answer.kind }
    case 'wait':
      return { type: 'waiting', run, attempt, for: answer.for }
    case 'each':
      return { type: 'each', run, attempt, count: answer.count }
    case 'while':
      return { type: 'each', run, attempt, count: answer.count > 0 ? null : 0 }
  }
}

/** Delivers what is pending, `pick` choosing which, until nothing is left or the limit is reached. */
export function settle(
  simulation: Simulation,
  answers: Answers,
  pick: (count: number) => number = () => 0,
): void {
  for (let turn = 0; turn < 200_000 && simulation.pending.length > 0; turn++) {
    const index = pick(simulation.pending.length) % simulation.pending.length
    const event = takeInOrder(simulation, index)
    send(simulation, event, answers)
    if (event.type === 'waiting' && event.for === 'time') {
      simulation.pending.push({ type: 'woken', run: event.run, attempt: event.attempt })
    }
  }
}

/** Events of one attempt keep their order; those of different attempts may come in any. */
function takeInOrder(simulation: Simulation, index: number): RunEvent {
  const chosen = simulation.pending[index] as RunEvent
  const first = simulation.pending.findIndex(
    (event) => event.run === chosen.run && event.attempt === chosen.attempt,
  )
  return simulation.pending.splice(first, 1)[0] as RunEvent
}

export function snapshotBytes(state: State): number {
  return JSON.stringify(state).length
}

/** Ended, or every live run waits for somebody: an operator, a task, or a resume. */
export function isLawfullyAtRest(state: State): boolean {
  if (isEnded(state.status)) return true
  if (state.status === 'paused') return true
  const runs = Object.entries(state.runs)
  if (runs.length === 0) return false
  const leaves = runs.filter(([, run]) => !run.body || run.held)
  return (
    leaves.length > 0 &&
    leaves.every(([, run]) => run.held || (run.status === 'waiting' && run.wait === 'person'))
  )
}
