// L1: one long loop, whose process is killed in between: order and count are exact, and the last rounds take no longer
// than the first ones.
import { setTimeout as pause } from 'node:timers/promises'
import type { StubDocument } from '../harness/document-shape.ts'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'

const slowerAtMost = 3

/** A unit is one round. */
export const bigLoop: ChaosCase = {
  id: 'L1',
  title: 'a long loop',
  units: { T0: 0, T1: 10_000, T2: 10_000 },
  perChunk: { one: 10_000, three: 10_000 },
  run: (ground, { seed, processes, units }) =>
    runChaos(ground, { seed, processes, documents: [looping(units)] }, async (stage) => {
      await stage.load.start()
      await untilRound(stage, units / 2)
      await stage.fleet.end(0, 'SIGKILL')
      await stage.fleet.fill(0)
      await untilRound(stage, units)
      return complainAbout(stage, units)
    }),
}

function looping(times: number): StubDocument {
  return {
    format: 'fermata/1',
    key: 'looping',
    title: 'Loop',
    kind: 'main',
    inputs: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
    settings: {},
    nodes: [
      { id: 'each', type: 'loop', config: { times } },
      { id: 'x', type: 'safe-stub', parent: 'each', config: { n: '{{ index }}' } },
    ],
    edges: [],
  }
}

async function untilRound({ ledger }: Stage, rounds: number): Promise<void> {
  while (ledger.read().length < rounds) await pause(200)
}

function complainAbout({ ledger }: Stage, units: number): string[] {
  const lines = ledger.read()
  const keys = [...new Set(lines.map(({ run }) => run))]
  const inOrder = keys.every((run, n) => run === `each[${n}]/x`)
  const tenth = Math.floor(lines.length / 10)
  const spent = (from: number, to: number) => (lines[to]?.t ?? 0) - (lines[from]?.t ?? 0)
  const ratio = spent(lines.length - 1 - tenth, lines.length - 1) / Math.max(1, spent(tenth, 2 * tenth))
  return [
    ...(keys.length === units ? [] : [`${keys.length} rounds, not ${units}`]),
    ...(inOrder ? [] : ['rounds came out of order']),
    ...(ratio > slowerAtMost && units >= 1000
      ? [`the last tenth took ${ratio.toFixed(1)} times the second`]
      : []),
  ]
}
