// The laws of the core, on random workflows with random answers in random order: whatever the workflow, they hold.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { advance } from '../../src/core/advance.ts'
import type { Command } from '../../src/core/command.ts'
import { readSnapshot, writeSnapshot } from '../../src/core/snapshot.ts'
import { initialState, type State } from '../../src/core/state.ts'
import { isEnded, isSettled } from '../../src/core/statuses.ts'
import { type RandomCase, randomCase } from './random-workflow.ts'
import { isLawfullyAtRest, planOf, type Simulation, send, settle, simulate } from './simulate.ts'
import { takeTurns } from './take-turns.ts'

/** Throws when the law does not hold. */
export type Law = (options: fc.Parameters<unknown>) => void

const order = fc.array(fc.nat(30), { minLength: 40, maxLength: 40 })

function picker(list: number[]): (count: number) => number {
  let at = 0
  return () => list[at++ % list.length] ?? 0
}

/** Played to its end, or until only people could move it. */
function playOut(sample: RandomCase, list: number[]): Simulation {
  const simulation = simulate(planOf(sample.document, sample.bindings))
  send(simulation, { type: 'started' }, sample.answers)
  settle(simulation, sample.answers, picker(list))
  return simulation
}

const calm = { failing: 0, calm: true }

export const coreLaws: Readonly<Record<string, Law>> = {
  'every execution ends or lawfully waits': (options) =>
    fc.assert(
      fc.property(randomCase({ failing: 20 }), order, (sample, list) => {
        const simulation = playOut(sample, list)
        assert.deepEqual(simulation.pending, [])
        assert(isLawfullyAtRest(simulation.state), 'it neither ends nor waits')
      }),
      options,
    ),

  'replay of the event list gives the same snapshot and the same commands': (options) =>
    fc.assert(
      fc.property(randomCase({ failing: 20 }), order, (sample, list) => {
        const simulation = playOut(sample, list)
        const commands: Command[] = []
        const state = replay(simulation, (before, event) => {
          const step = advance(simulation.plan, JSON.parse(JSON.stringify(before)), event)
          commands.push(...step.commands)
          return step.state
        })
        assert.deepEqual(state, simulation.state)
        assert.deepEqual(commands, simulation.commands)
      }),
      options,
    ),

  'duplicate, stale and reordered events change nothing': (options) =>
    fc.assert(
      fc.property(randomCase({ failing: 20 }), order, (sample, list) => {
        const { events, state, plan } = playOut(sample, list)
        for (const event of events) {
          const waits = event.type === 'woken' || event.type === 'timed-out'
          if ((event.type !== 'started' && !('attempt' in event)) || (waits && !isEnded(state.status)))
            continue
          const step = advance(plan, state, event)
          assert.equal(step.state, state)
          assert.deepEqual(step.commands, [])
        }
      }),
      options,
    ),

  'events of an earlier attempt change nothing while a later one is under way': (options) =>
    fc.assert(
      fc.property(randomCase({ failing: 40 }), order, (sample, list) => {
        const simulation = playOut(sample, list)
        const seen: Simulation['events'] = []
        replay(simulation, (state, event) => {
          for (const early of seen) {
            if (!('attempt' in early) || state.runs[early.run]?.attempt === early.attempt) continue
            assert.equal(advance(simulation.plan, state, early).state, state)
          }
          seen.push(event)
          return advance(simulation.plan, state, event).state
        })
      }),
      options,
    ),

  'nothing is tried more often than its policy allows': (options) =>
    fc.assert(
      fc.property(randomCase({ failing: 60 }), order, (sample, list) => {
        for (const command of playOut(sample, list).commands) {
          if (command.type !== 'run') continue
          const { retry } = sample.document.nodes.find(({ id }) => id === command.node)?.policy ?? {}
          assert(
            command.attempt - command.group <= (retry?.attempts ?? 0),
            `${command.run}#${command.attempt}`,
          )
        }
      }),
      options,
    ),

  'the order of parallel events does not change the result': (options) =>
    fc.assert(
      fc.property(randomCase(calm), order, order, (sample, one, other) => {
        assert.deepEqual(endsOf(playOut(sample, one)), endsOf(playOut(sample, other)))
      }),
      options,
    ),

  'the state given in is never touched': (options) =>
    fc.assert(
      fc.property(randomCase({ failing: 30 }), order, (sample, list) => {
        const simulation = playOut(sample, list)
        replay(simulation, (state, event) => {
          const before = JSON.stringify(state)
          const next = advance(simulation.plan, state, event).state
          assert.equal(JSON.stringify(state), before)
          return next
        })
      }),
      options,
    ),

  'a turn of several events gives what they give one by one, and leaves the state before it alone': (
    options,
  ) =>
    fc.assert(
      fc.property(randomCase({ failing: 35 }), order, (sample, list) => {
        const simulation = playOut(sample, list)
        retryEverything(simulation, sample.answers)
        const turns = takeTurns(simulation, list)
        assert.deepEqual(replay(simulation, turns.step), simulation.state)
        turns.end()
      }),
      options,
    ),

  'what is stored of a state is all of it': (options) =>
    fc.assert(
      fc.property(randomCase({ failing: 35 }), order, (sample, list) => {
        const simulation = playOut(sample, list)
        retryEverything(simulation, sample.answers)
        replay(simulation, (state, event) => {
          const next = advance(simulation.plan, state, event).state
          const plain = JSON.parse(JSON.stringify(next))
          assert.deepEqual(readSnapshot(JSON.parse(writeSnapshot(next))), plain)
          assert.deepEqual(readSnapshot(plain), plain)
          return next
        })
      }),
      options,
    ),

  'no attempt is settled twice': (options) =>
    fc.assert(
      fc.property(randomCase({ failing: 35 }), order, (sample, list) => {
        const ends = playOut(sample, list).commands.flatMap((command) =>
          command.type === 'mark' && isSettled(command.status) ? [`${command.run}#${command.attempt}`] : [],
        )
        assert.equal(new Set(ends).size, ends.length)
      }),
      options,
    ),

  'no attempt is dispatched twice, however often it is retried, and it ends or lawfully waits': (options) =>
    fc.assert(
      fc.property(randomCase({ failing: 35 }), order, (sample, list) => {
        const simulation = playOut(sample, list)
        retryEverything(simulation, sample.answers)
        const sent = simulation.commands.filter((command) => command.type === 'run')
        const keys = sent.map((command) => `${command.run}#${command.attempt}`)
        assert.equal(new Set(keys).size, keys.length)
        assert.deepEqual(simulation.pending, [])
        assert(isLawfullyAtRest(simulation.state), 'it neither ends nor waits')
      }),
      options,
    ),

  'after a bad end, retrying what failed until it succeeds completes the execution': (options) =>
    fc.assert(
      fc.property(randomCase({ failing: 25, calm: true }), order, (sample, list) => {
        const simulation = playOut(sample, list)
        retryEverything(simulation, (node, run, attempt) => {
          const answer = sample.answers(node, run, attempt)
          return answer.type === 'fail' ? { type: 'done' } : answer
        })
        assert.equal(simulation.state.status, 'completed')
      }),
      options,
    ),

  'an ended execution ignores everything but a retry': (options) =>
    fc.assert(
      fc.property(randomCase({ failing: 20 }), order, (sample, list) => {
        const simulation = playOut(sample, list)
        send(simulation, { type: 'terminated', reason: 'terminated' }, sample.answers)
        const { state, plan } = simulation
        assert(isEnded(state.status))
        for (const type of ['paused', 'resumed', 'started'] as const) {
          assert.equal(advance(plan, state, { type }).state, state)
        }
        assert.equal(advance(plan, state, { type: 'terminated', reason: 'timeout' }).state, state)
      }),
      options,
    ),

  'nothing lives inside a container that is over': (options) =>
    fc.assert(
      fc.property(randomCase({ failing: 20 }), order, (sample, list) => {
        const simulation = playOut(sample, list)
        replay(simulation, (state, event) => {
          const next = advance(simulation.plan, state, event).state
          if (!isEnded(next.status)) assert.deepEqual(orphansIn(next), [])
          return next
        })
      }),
      options,
    ),

  'while it is paused nothing is dispatched; resumed it goes on to the same end': (options) =>
    fc.assert(
      fc.property(randomCase(calm), order, fc.nat(30), (sample, list, pauseAfter) => {
        const simulation = simulate(planOf(sample.document, sample.bindings))
        send(simulation, { type: 'started' }, sample.answers)
        for (let n = 0; n < pauseAfter && simulation.pending.length > 0; n++) deliverOne(simulation, sample)
        const before = simulation.commands.length
        send(simulation, { type: 'paused' }, sample.answers)
        settle(simulation, sample.answers, picker(list))
        const sent = simulation.commands.slice(before).filter(({ type }) => type === 'run' || type === 'bind')
        assert.deepEqual(sent, [])
        send(simulation, { type: 'resumed' }, sample.answers)
        settle(simulation, sample.answers, picker(list))
        assert.equal(simulation.state.status, 'completed')
      }),
      options,
    ),
}

type Step = (state: State, event: Simulation['events'][number]) => State

function replay(simulation: Simulation, step: Step): State {
  let state = initialState()
  for (const event of simulation.events) state = step(state, event)
  return state
}

/** What happened, whatever came first. */
function endsOf({ state, commands }: Simulation): { state: State; ends: string[] } {
  const marks = commands.filter((command) => command.type === 'mark' && command.status !== 'running')
  return { state, ends: marks.map((command) => JSON.stringify(command)).sort() }
}

/** Runs and scopes whose container's run is gone. */
function orphansIn(state: State): string[] {
  return [...Object.keys(state.runs), ...Object.keys(state.scopes)].filter((id) => {
    const above = id.includes('/') ? id.slice(0, id.lastIndexOf('/')) : id.endsWith(']') ? id : ''
    const owner = above.endsWith(']') ? above.slice(0, above.lastIndexOf('[')) : above
    return owner !== '' && !state.runs[owner]?.body
  })
}

function deliverOne(simulation: Simulation, sample: RandomCase): void {
  const [next, ...rest] = simulation.pending
  simulation.pending = rest
  if (next) send(simulation, next, sample.answers)
}

function retryEverything(simulation: Simulation, answers: RandomCase['answers']): void {
  for (let round = 0; round < 60; round++) {
    const failed = Object.entries(simulation.state.runs).find(
      ([, run]) => run.held || (isEnded(simulation.state.status) && isFailed(run.status)),
    )
    if (!failed) return
    send(simulation, { type: 'retried', run: failed[0], attempt: failed[1].attempt }, answers)
    settle(simulation, answers)
  }
}

function isFailed(status: string): boolean {
  return ['failed', 'error', 'timed-out', 'rejected'].includes(status)
}
