// Workflows played through the core by a table of answers: `restart: fail`, `each[1]/x: [fail, done]`.
import type { Command, Mark } from '../../src/core/command.ts'
import type { EdgeDocument, NodeDocument, WorkflowDocument } from '../../src/core/document.ts'
import type { ActEvent, ExecutionEvent, RunEvent } from '../../src/core/event.ts'
import { nodeOf } from '../../src/core/run-id.ts'
import type { Run, State } from '../../src/core/state.ts'
import { type Answer, type Answers, planOf, type Simulation, send, simulate } from './simulate.ts'

/** By run id, else by node id; of a list the one of the attempt, the last for all further ones. */
export type Table = Record<string, Answer | Answer[] | 'stay'>

export const done: Answer = { type: 'done' }
export const fail: Answer = { type: 'fail', kind: 'failed' }
export const crash: Answer = { type: 'fail', kind: 'error' }
export const ask: Answer = { type: 'wait', for: 'person' }
export const nap: Answer = { type: 'wait', for: 'time' }
export const port = (...ports: string[]): Answer => ({ type: 'done', ports })
export const each = (count: number): Answer => ({ type: 'each', count })

export interface Parts {
  nodes: NodeDocument[]
  /** `a>b` or `a:port>b`. */
  edges?: string[]
  settings?: WorkflowDocument['settings']
  target?: WorkflowDocument['target']
  bindings?: Record<string, string[]>
}

export interface Scenario {
  simulation: Simulation
  /** Changed by tests when a second try shall go better. */
  table: Table
  readonly state: State
  /** Sends an event and delivers everything that follows from it; what it gave at once. */
  send(event: ExecutionEvent): readonly Command[]
  /** The last status recorded of every run. */
  statuses(): Record<string, string>
  marks(run: string): Mark[]
  /** Runs dispatched, in order, `restart#2` from the second attempt on. */
  ran(): string[]
  commands<T extends Command['type']>(type: T): Extract<Command, { type: T }>[]
  run(id: string): Run
}

function edgeOf(text: string): EdgeDocument {
  const [, from = '', name, to = ''] = /^([^:>]+)(?::([^>]+))?>(.+)$/.exec(text) ?? []
  return { from, to, ...(name ? { port: name } : {}) }
}

/** A scenario that has begun: everything is delivered until nothing moves by itself. */
export function play(parts: Parts, table: Table = {}): Scenario {
  const scenario = prepare(parts, table)
  scenario.send({ type: 'started' })
  return scenario
}

export function prepare({ edges = [], bindings = {}, ...rest }: Parts, table: Table = {}): Scenario {
  const document: WorkflowDocument = {
    format: 'fermata/1',
    key: 'scenario',
    title: 'Scenario',
    ...rest,
    edges: edges.map(edgeOf),
  } as WorkflowDocument
  const simulation = simulate(planOf(document, bindings))
  const scenario: Scenario = {
    simulation,
    table,
    get state() {
      return simulation.state
    },
    send: (event) => deliver(scenario, document, event),
    statuses: () => Object.fromEntries(scenario.commands('mark').map(({ run, status }) => [run, status])),
    marks: (run) => scenario.commands('mark').filter((mark) => mark.run === run),
    ran: () =>
      scenario.commands('run').map(({ run, attempt }) => (attempt === 1 ? run : `${run}#${attempt}`)),
    commands: (type) => simulation.commands.filter((command): command is never => command.type === type),
    run: (id) => simulation.state.runs[id] as Run,
  }
  return scenario
}

/** `stay` runs never answer: their events are taken out of what is pending. */
function deliver(scenario: Scenario, document: WorkflowDocument, event: ExecutionEvent): readonly Command[] {
  const { simulation, table } = scenario
  const answers = (node: string, run: string, attempt: number): Answer => {
    const found = table[run] ?? table[node]
    if (found === undefined || found === 'stay') return defaultAnswer(document, node)
    return Array.isArray(found) ? ((found[attempt - 1] ?? found.at(-1)) as Answer) : found
  }
  const given = send(simulation, event, answers)
  const stays = ({ type, run }: RunEvent) => type !== 'bound' && (table[run] ?? table[nodeOf(run)]) === 'stay'
  for (;;) {
    simulation.pending = simulation.pending.filter((pending) => !stays(pending))
    if (simulation.pending.length === 0) return given
    deliverOne(simulation, answers)
  }
}

/** The oldest event that is pending. What a run waits for comes only when the test sends it. */
function deliverOne(simulation: Simulation, answers: Answers): void {
  const [next, ...rest] = simulation.pending
  if (!next) return
  simulation.pending = rest
  send(simulation, next, answers)
}

function defaultAnswer(document: WorkflowDocument, id: string): Answer {
  const node = document.nodes.find((other) => other.id === id)
  if (node?.type === 'parallel') return each([node.config?.branches].flat().length)
  if (node?.type === 'group') return each(1)
  if (node?.type === 'loop') return each(3)
  if (node?.type === 'end')
    return { type: 'done', end: node.config?.status === 'failed' ? 'failed' : 'completed' }
  return done
}

export const task = (id: string, extra: Partial<NodeDocument> = {}): NodeDocument => ({
  id,
  type: 'task',
  ...extra,
})

export const parallel = (id: string, mode: string, branches: string[]): NodeDocument => ({
  id,
  type: 'parallel',
  config: { mode, branches: branches.map((name) => ({ name })) },
})

/** What every act gives when it is not legal: the same state, and nothing to do. */
export function isIgnored(scenario: Scenario, event: ActEvent | ExecutionEvent): boolean {
  const before = scenario.state
  const count = scenario.simulation.commands.length
  scenario.send(event)
  return scenario.state === before && scenario.simulation.commands.length === count
}
