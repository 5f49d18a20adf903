// Which records a bound node works on: fixed at the start, copied, or found when the node starts (rule 31).
import type { Command } from '../core/command.ts'
import { AppError } from '../core/errors.ts'
import { isInside } from '../core/run-id.ts'
import { lockedError } from './hold-records.ts'
import { failure } from './run-node.ts'
import { authorityOf } from './scope.ts'
import type { EvaluatedBinding } from './services.ts'
import { never, type Turn } from './turn.ts'
import { untilReachable } from './until-reachable.ts'

type BindCommand = Extract<Command, { type: 'bind' }>

export function bindRun(turn: Turn, command: BindCommand): Promise<void> | undefined {
  const { live } = turn
  const { run, attempt, node } = command
  const known = live.bindings.get(run) ?? live.bindings.get(node)
  if (known) {
    turn.inbox.push({ event: { type: 'bound', run, attempt, count: known.length } })
    return undefined
  }
  return evaluate(turn, command)
}

async function evaluate(turn: Turn, command: BindCommand): Promise<void> {
  const { run, attempt } = command
  try {
    const binding = await untilReachable(() => findRecords(turn, command), never)
    const ids = binding.records.map(({ id }) => id)
    const { collection, toOne } = binding
    turn.live.bindings.set(run, ids)
    turn.live.bindingInfo.set(run, { collection, toOne })
    const labels = binding.records.map(({ label }) => label)
    turn.save.bindings.push({ run, collection, records: ids, labels, mode: 'run', toOne })
    turn.inbox.push({ event: { type: 'bound', run, attempt, count: ids.length } })
  } catch (error) {
    turn.inbox.push(failure(command, {}, error))
  }
}

async function findRecords(turn: Turn, command: BindCommand): Promise<EvaluatedBinding> {
  const { live, core } = turn
  const node = live.version.nodes.get(command.node)?.document
  if (!node?.bind) throw new AppError('internal', `Node ${command.node} has no binding.`)
  if (node.bind.mode === 'same-as') return copied(turn, node.bind.node ?? '')
  const binding = await core.services.evaluateBinding(authorityOf(live), node, live.target)
  await lock(turn, binding)
  return binding
}

/** The records another bound node got in this execution. */
function copied(turn: Turn, other: string): EvaluatedBinding {
  const { bindings, bindingInfo } = turn.live
  const run = bindings.has(other)
    ? other
    : [...bindings.keys()].find((id) => id.endsWith(`/${other}`) || isInside(id, other))
  const records = run === undefined ? undefined : bindings.get(run)
  const info = run === undefined ? undefined : bindingInfo.get(run)
  if (!records || !info) {
    throw new AppError(
      'invalid-binding',
      `Node '${other}', whose records this node shares, has no binding yet.`,
    )
  }
  return { ...info, records: records.map((id) => ({ id, label: id })) }
}

async function lock(turn: Turn, binding: EvaluatedBinding): Promise<void> {
  if (turn.live.version.document.settings?.lock !== 'bindings') return
  const records = binding.records.map(({ id }) => ({ collection: binding.collection, id }))
  const { taken, held } = await turn.core.services.takeLocks(turn.live.id, records)
  if (!taken) throw lockedError(held)
}
