// The laws of the core (see `core-laws.ts`), and the size of what it keeps.
import { describe, expect, it } from 'vitest'
import { coreLaws } from '../../tests/helpers/core-laws.ts'
import { planOf, send, simulate, snapshotBytes } from '../../tests/helpers/simulate.ts'

describe('laws of the core', () => {
  it.each(Object.entries(coreLaws))('%s', (_name, law) => {
    expect(() => law({ numRuns: 2000 })).not.toThrow()
  })
})

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

  it('stays below 8 KB: binding of 10,000 records that a person is asked about', () => {
    const records = Array.from({ length: 10_000 }, (_, n) => `3e7a0000-0000-4000-8000-0000000${10_000 + n}`)
    const asks = node({ nodes: [{ id: 'restart', type: 'task', bind: { path: 'hosts' } }] })
    const simulation = simulate(planOf(asks, { restart: records }))
    let questions = 0
    send(simulation, { type: 'started' }, done)
    for (let asked = ['']; asked.length > 0; ) {
      for (let next = simulation.pending.shift(); next; next = simulation.pending.shift()) {
        const { run, attempt } = next
        send(simulation, next.type === 'done' && attempt === 1 ? { type: 'risky', run, attempt } : next, done)
      }
      simulation.maxBytes = Math.max(simulation.maxBytes, snapshotBytes(simulation.state))
      const { runs } = simulation.state
      asked = Object.keys(runs).filter((run) => runs[run]?.status === 'risky')
      for (const run of asked) send(simulation, { type: 'confirmed', run }, done)
      questions++
    }
    expect(simulation.state.status).toBe('completed')
    expect(questions).toBeLessThanOrEqual(200)
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
