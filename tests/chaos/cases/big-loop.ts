// L1: one long loop, whose process is killed in between: order and count are exact, and the last rounds take no longer
// than the first ones. Beside it loops in a loop, and a loop whose rounds go on side by side.
import { setTimeout as pause } from 'node:timers/promises'
import type { StubDocument, StubNode } from '../harness/document-shape.ts'
import type { LedgerLine } from '../harness/ledger.ts'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { startMany } from './start-many.ts'

const slowerAtMost = 3

/** A unit is one round. */
export const bigLoop: ChaosCase = {
  id: 'L1',
  title: 'a long loop',
  units: { T0: 0, T1: 10_000, T2: 10_000 },
  perChunk: { one: 10_000, three: 10_000 },
  run: (ground, { seed, processes, units }) =>
    runChaos(ground, { seed, processes, documents: shapes(units) }, async (stage) => {
      // One after another, each with the whole machine.
      await interrupted(stage, 'long', units)
      const problems = complainAbout(stage, units)
      for (const [key, rounds] of [
        ['nested', sideOf(units) ** 2],
        ['wide', units / 10],
      ] as const) {
        const lines = await interrupted(stage, key, rounds)
        const runs = new Set(lines.map(({ run }) => run)).size
        if (runs !== rounds) problems.push(`${key}: ${runs} rounds, not ${rounds}`)
      }
      return problems
    }),
}

const sideOf = (units: number): number => Math.floor(Math.sqrt(units))

const each = (id: string, times: number, more: Partial<StubNode> = {}): StubNode => ({
  ...{ id, type: 'loop', config: { times } },
  ...more,
})

function shapes(units: number): StubDocument[] {
  const side = sideOf(units)
  return [
    looping('long', [each('each', units)]),
    looping('nested', [each('outer', side), each('each', side, { parent: 'outer' })]),
    looping('wide', [{ ...each('each', 0), config: { times: units / 10, concurrency: 20 } }]),
  ]
}

/** An effect in each round of the loop `each`. */
function looping(key: string, loops: StubNode[]): StubDocument {
  return {
    ...{ format: 'fermata/1', key, title: key, kind: 'main', settings: {}, edges: [] },
    inputs: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
    nodes: [...loops, { id: 'x', type: 'safe-stub', parent: 'each', config: { n: '{{ index }}' } }],
  }
}

/** The process is killed when half of it is done. Returns what this execution did. */
async function interrupted(stage: Stage, workflow: string, rounds: number): Promise<LedgerLine[]> {
  const { fleet, ledger } = stage
  // The first round may begin before the start is acknowledged.
  const before = ledger.read().length
  await startMany(stage, 1, () => workflow)
  await untilRound(stage, before + rounds / 2)
  await fleet.end(0, 'SIGKILL')
  await fleet.fill(0)
  await untilEnd(stage, workflow)
  return ledger.read().slice(before)
}

async function untilRound({ ledger }: Stage, rounds: number): Promise<void> {
  while (ledger.read().length < rounds) await pause(200)
}

async function untilEnd({ database: { pool } }: Stage, workflow: string): Promise<void> {
  const live = `select from fermata.executions where workflow = $1 and ended_at is null`
  while ((await pool.query(live, [workflow])).length > 0) await pause(100)
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
