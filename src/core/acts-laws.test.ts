// Laws of what operators do: any act at any time, on random workflows, leaves a state that can be carried on.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RandomCase, randomCase } from '../../tests/helpers/random-workflow.ts'
import { planOf, type Simulation, send, simulate } from '../../tests/helpers/simulate.ts'
import type { ActEvent, ExecutionEvent, RunEvent } from './event.ts'
import { nodeOf, ownerOf, scopeOf } from './run-id.ts'
import type { State } from './state.ts'
import { isEnded, isFailure } from './statuses.ts'

/** One step of a random history: the next event that is pending, or an act on some run. */
interface Choice {
  kind:
    | 'deliver'
    | 'pause'
    | 'resume'
    | 'retry'
    | 'skip'
    | 'complete'
    | 'choose'
    | 'confirm'
    | 'timeout'
    | 'break'
    | 'rebind'
    | 'risk'
    | 'terminate'
  pick: number
}

const choice: fc.Arbitrary<Choice> = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant('deliver' as const) },
    { weight: 6, arbitrary: fc.constantFrom('pause', 'resume', 'retry', 'skip', 'complete', 'choose') },
    { weight: 3, arbitrary: fc.constantFrom('risk', 'confirm') },
    { weight: 2, arbitrary: fc.constantFrom('confirm', 'timeout', 'break', 'rebind', 'risk', 'terminate') },
  ),
  pick: fc.nat(1000),
})

function actOf({ kind, pick }: Choice, simulation: Simulation): ExecutionEvent | undefined {
  const known = simulation.commands.flatMap((command) => (command.type === 'mark' ? [command.run] : []))
  const live = Object.keys(simulation.state.runs)
  const run = [...live, ...live, ...known][pick % (2 * live.length + known.length || 1)] ?? ''
  const attempt = simulation.state.runs[run]?.attempt ?? 1
  const acts: Record<Exclude<Choice['kind'], 'deliver'>, ActEvent | ExecutionEvent> = {
    pause: { type: 'paused' },
    resume: { type: 'resumed' },
    retry: { type: 'retried', run },
    skip: { type: 'skipped', run },
    complete: { type: 'completed', run },
    choose: { type: 'chosen', run, port: 'out' },
    confirm: { type: 'confirmed', run },
    timeout: { type: 'timed-out', run, attempt },
    break: { type: 'failed', run, attempt, kind: 'error' },
    rebind: { type: 'rebound', run, count: simulation.plan.bindings.get(nodeOf(run))?.length ?? 0 },
    risk: { type: 'risky', run, attempt },
    terminate: { type: 'terminated', reason: 'terminated' },
  }
  return kind === 'deliver' ? undefined : acts[kind]
}

function deliver(simulation: Simulation, answers: RandomCase['answers'], pick: number): void {
  const { pending } = simulation
  const chosen = pending[pick % (pending.length || 1)]
  if (!chosen) return
  const first = pending.findIndex(({ run, attempt }) => run === chosen.run && attempt === chosen.attempt)
  const [event] = pending.splice(first, 1) as [RunEvent]
  send(simulation, event, answers)
  if (event.type === 'waiting' && event.for === 'time') {
    pending.push({ type: 'woken', run: event.run, attempt: event.attempt })
  }
}

/** Every count in the snapshot agrees with what is there to be counted. */
function expectCounts({ scopes, runs, status }: State, simulation: Simulation): void {
  if (isEnded(status)) return
  const { nodes } = simulation.plan.graph
  for (const [id, scope] of Object.entries(scopes)) {
    const inside = Object.keys(runs).filter(
      (run) => scopeOf(run) === id && (ownerOf(run) === undefined || !nodes.get(nodeOf(run))?.bind),
    )
    expect(inside.length, `runs in ${id || 'the root'}`).toBe(scope.live)
  }
  for (const [id, { body, held }] of Object.entries(runs)) {
    if (!body || held) continue
    const isBound = ownerOf(id) === undefined && nodes.get(nodeOf(id))?.bind !== undefined
    const isGroup = !isBound && nodes.get(nodeOf(id))?.container === 'group'
    const items = isBound ? Object.keys(runs) : Object.keys(scopes)
    const live = items.filter((item) => (isGroup ? item === id : ownerOf(item) === id))
    expect(live.length, `items of ${id}`).toBe(body.live)
    expectPlaces(runs, { id, items: isBound ? live : [], most: nodes.get(nodeOf(id))?.bind?.concurrency })
  }
}

/** Records at work are no more than the node allows; those that rest are counted. */
function expectPlaces(
  runs: State['runs'],
  { id, items, most = 10 }: { id: string; items: string[]; most: number | undefined },
): void {
  const resting = items.filter((item) => runs[item]?.rests)
  for (const item of resting) expect(['risky', 'queued'], item).toContain(runs[item]?.status)
  expect(resting.length, `resting items of ${id}`).toBe(runs[id]?.body?.resting ?? 0)
  expect(items.length - resting.length, `items of ${id} at work`).toBeLessThanOrEqual(most)
}

/** As an operator who wants to see the end: resumes, retries, answers. */
function carryOn(simulation: Simulation, answers: RandomCase['answers']): void {
  for (let round = 0; round < 400 && !isEnded(simulation.state.status); round++) {
    while (simulation.pending.length > 0) deliver(simulation, answers, 0)
    const act = wantedAct(simulation.state)
    if (act) send(simulation, act, answers)
  }
}

function wantedAct({ status, runs }: State): ActEvent | undefined {
  if (status === 'paused') return { type: 'resumed' }
  const stuck = Object.entries(runs).find(
    ([, run]) => run.held || run.status === 'waiting' || run.status === 'risky',
  )
  if (!stuck) return undefined
  const [run, { attempt, status: found }] = stuck
  if (found === 'risky') return { type: 'confirmed', run, attempt }
  return { type: isFailure(found) ? 'retried' : 'completed', run, attempt }
}

describe('laws of acts', () => {
  it('any act at any time keeps the counts right, dispatches no attempt twice, and the execution can be ended', () => {
    fc.assert(
      fc.property(randomCase({ failing: 25 }), fc.array(choice, { maxLength: 60 }), (sample, choices) => {
        const simulation = simulate(planOf(sample.document, sample.bindings))
        send(simulation, { type: 'started' }, sample.answers)
        for (const each of choices) {
          const act = actOf(each, simulation)
          if (act) send(simulation, act, sample.answers)
          else deliver(simulation, sample.answers, each.pick)
          expectCounts(simulation.state, simulation)
        }
        carryOn(simulation, sample.answers)
        expect(isEnded(simulation.state.status)).toBe(true)
        const sent = simulation.commands.filter((command) => command.type === 'run')
        expect(new Set(sent.map(({ run, attempt }) => `${run}#${attempt}`)).size).toBe(sent.length)
      }),
      { numRuns: 2000 },
    )
  })
})
