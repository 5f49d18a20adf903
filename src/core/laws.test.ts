// The laws of the core, on random workflows with random answers in random order.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomCase } from '../../tests/helpers/random-workflow.ts'
import {
  isLawfullyAtRest,
  planOf,
  send,
  settle,
  simulate,
  snapshotBytes,
} from '../../tests/helpers/simulate.ts'
import { advance } from './advance.ts'
import type { Command } from './command.ts'
import { initialState } from './state.ts'
import { isEnded } from './statuses.ts'

const runs = { numRuns: 2000 }
const order = fc.array(fc.nat(30), { minLength: 40, maxLength: 40 })

function picker(list: number[]): (count: number) => number {
  let at = 0
  return () => list[at++ % list.length] ?? 0
}

function runCase(sample: Parameters<typeof planOf>[0], bindings: Record<string, string[]>) {
  return simulate(planOf(sample, bindings))
}

describe('laws of the core', () => {
  it('every execution ends or lawfully waits', () => {
    fc.assert(
      fc.property(randomCase({ failing: 20 }), order, (sample, list) => {
        const simulation = runCase(sample.document, sample.bindings)
        send(simulation, { type: 'started' }, sample.answers)
        settle(simulation, sample.answers, picker(list))
        expect(simulation.pending).toEqual([])
        expect(isLawfullyAtRest(simulation.state)).toBe(true)
      }),
      runs,
    )
  })

  it('replay of the event list gives the same snapshot and the same commands', () => {
    fc.assert(
      fc.property(randomCase({ failing: 20 }), order, (sample, list) => {
        const simulation = runCase(sample.document, sample.bindings)
        send(simulation, { type: 'started' }, sample.answers)
        settle(simulation, sample.answers, picker(list))
        let state = initialState()
        const commands: Command[] = []
        for (const event of simulation.events) {
          const step = advance(simulation.plan, JSON.parse(JSON.stringify(state)), event)
          state = step.state
          commands.push(...step.commands)
        }
        expect(state).toEqual(simulation.state)
        expect(commands).toEqual(simulation.commands)
      }),
      runs,
    )
  })

  it('duplicate, stale and reordered events change nothing', () => {
    fc.assert(
      fc.property(randomCase({ failing: 20 }), order, (sample, list) => {
        const simulation = runCase(sample.document, sample.bindings)
        send(simulation, { type: 'started' }, sample.answers)
        settle(simulation, sample.answers, picker(list))
        for (const event of simulation.events) {
          if (event.type === 'started' || 'attempt' in event) {
            const waits = event.type === 'woken' || event.type === 'timed-out'
            if (waits && !isEnded(simulation.state.status)) continue
            const step = advance(simulation.plan, simulation.state, event)
            expect(step.state).toBe(simulation.state)
            expect(step.commands).toEqual([])
          }
        }
      }),
      runs,
    )
  })

  it('the order of parallel events does not change the result', () => {
    fc.assert(
      fc.property(randomCase({ failing: 0, calm: true }), order, order, (sample, one, other) => {
        const results = [one, other].map((list) => {
          const simulation = runCase(sample.document, sample.bindings)
          send(simulation, { type: 'started' }, sample.answers)
          settle(simulation, sample.answers, picker(list))
          const ends = simulation.commands
            .filter((command) => command.type === 'mark' && command.status !== 'running')
            .map((command) => JSON.stringify(command))
            .sort()
          return { state: simulation.state, ends }
        })
        expect(results[0]).toEqual(results[1])
      }),
      runs,
    )
  })

  it('never touches the state it was given', () => {
    fc.assert(
      fc.property(randomCase({ failing: 30 }), order, (sample, list) => {
        const simulation = runCase(sample.document, sample.bindings)
        send(simulation, { type: 'started' }, sample.answers)
        settle(simulation, sample.answers, picker(list))
        let state = initialState()
        for (const event of simulation.events) {
          const before = JSON.stringify(state)
          const next = advance(simulation.plan, state, event).state
          expect(JSON.stringify(state)).toBe(before)
          state = next
        }
      }),
      { numRuns: 500 },
    )
  })

  it('however often it is retried, no attempt is dispatched twice, and it ends or lawfully waits', () => {
    fc.assert(
      fc.property(randomCase({ failing: 35 }), order, (sample, list) => {
        const simulation = runCase(sample.document, sample.bindings)
        send(simulation, { type: 'started' }, sample.answers)
        settle(simulation, sample.answers, picker(list))
        retryEverything(simulation, sample.answers)
        const sent = simulation.commands.filter((command) => command.type === 'run')
        const keys = sent.map((command) => `${command.run}#${command.attempt}`)
        expect(new Set(keys).size).toBe(keys.length)
        expect(simulation.pending).toEqual([])
        expect(isLawfullyAtRest(simulation.state)).toBe(true)
      }),
      runs,
    )
  })

  it('after a bad end, retrying what failed until it succeeds completes the execution', () => {
    fc.assert(
      fc.property(randomCase({ failing: 25, calm: true }), order, (sample, list) => {
        const simulation = runCase(sample.document, sample.bindings)
        send(simulation, { type: 'started' }, sample.answers)
        settle(simulation, sample.answers, picker(list))
        const healed: typeof sample.answers = (node, run, attempt) => {
          const answer = sample.answers(node, run, attempt)
          return answer.type === 'fail' ? { type: 'done' } : answer
        }
        retryEverything(simulation, healed)
        expect(simulation.state.status).toBe('completed')
      }),
      runs,
    )
  })

  it('an ended execution ignores everything but a retry', () => {
    fc.assert(
      fc.property(randomCase({ failing: 20 }), order, (sample, list) => {
        const simulation = runCase(sample.document, sample.bindings)
        send(simulation, { type: 'started' }, sample.answers)
        settle(simulation, sample.answers, picker(list))
        send(simulation, { type: 'terminated', reason: 'terminated' }, sample.answers)
        expect(isEnded(simulation.state.status)).toBe(true)
        const { state } = simulation
        for (const event of [{ type: 'paused' }, { type: 'resumed' }, { type: 'started' }] as const) {
          expect(advance(simulation.plan, state, event).state).toBe(state)
        }
        expect(advance(simulation.plan, state, { type: 'terminated', reason: 'timeout' }).state).toBe(state)
      }),
      { numRuns: 500 },
    )
  })
})

function retryEverything(simulation: ReturnType<typeof simulate>, answers: Parameters<typeof send>[2]): void {
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

describe('size of the snapshot', () => {
  const node = (extra: object) =>
    ({ format: 'fermata/1', key: 'big', title: 'Big', edges: [], ...extra }) as never
  const done = () => ({ type: 'done' }) as const

  it.each([
    ['loop of 10,000', { onItemFailure: 'continue', concurrency: 5 }, 0],
    ['loop of 10,000 with every second item failing', { onItemFailure: 'continue', concurrency: 5 }, 2],
  ])('stays below 8 KB: %s', (_name, config, failEvery) => {
    const simulation = simulate(
      planOf(
        node({
          nodes: [
            { id: 'each', type: 'loop', config },
            { id: 'x', type: 'task', parent: 'each' },
          ],
        }),
      ),
    )
    const answers = (id: string, run: string) =>
      id === 'each'
        ? ({ type: 'each', count: 10_000 } as const)
        : failEvery && Number(/\[(\d+)\]/.exec(run)?.[1]) % failEvery === 0
          ? ({ type: 'fail', kind: 'failed' } as const)
          : done()
    send(simulation, { type: 'started' }, answers)
    while (simulation.pending.length > 0) {
      send(simulation, simulation.pending.shift() as never, answers)
      if (simulation.events.length % 97 === 0) {
        simulation.maxBytes = Math.max(simulation.maxBytes, snapshotBytes(simulation.state))
      }
    }
    expect(simulation.state.status).toBe('completed')
    expect(simulation.maxBytes).toBeLessThan(8192)
  })

  it('stays below 8 KB: binding of 10,000 records of which every third fails, then retried', () => {
    const records = Array.from({ length: 10_000 }, (_, n) => `host-${n}`)
    const simulation = simulate(
      planOf(
        node({ nodes: [{ id: 'b', type: 'task', bind: { path: 'hosts' }, policy: { onError: 'hold' } }] }),
        {
          b: records,
        },
      ),
    )
    let failing = true
    const answers = (_id: string, run: string) =>
      failing && Number(/-(\d+)\]/.exec(run)?.[1]) % 3 === 0
        ? ({ type: 'fail', kind: 'failed' } as const)
        : done()
    send(simulation, { type: 'started' }, answers)
    const drain = () => {
      while (simulation.pending.length > 0) {
        send(simulation, simulation.pending.shift() as never, answers)
        if (simulation.events.length % 97 === 0) {
          simulation.maxBytes = Math.max(simulation.maxBytes, snapshotBytes(simulation.state))
        }
      }
    }
    drain()
    expect(simulation.state.runs.b?.held).toBe(true)
    failing = false
    send(simulation, { type: 'retried', run: 'b' }, answers)
    drain()
    expect(simulation.state.status).toBe('completed')
    expect(simulation.maxBytes).toBeLessThan(8192)
  })
})
