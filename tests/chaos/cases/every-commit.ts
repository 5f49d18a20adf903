// R2E: one execution with everything that can be under way; its process is killed at the first commit, at the second …,
// before it and after it; another one goes on.
import { setTimeout as pause } from 'node:timers/promises'
import type { StubDocument, StubNode } from '../harness/document-shape.ts'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'

const withinMs = 8000
const sides = ['before', 'after'] as const

const effect = (id: string, more: Partial<StubNode> = {}): StubNode => ({
  ...{ id, type: 'safe-stub', config: { n: '{{ inputs.n }}' } },
  ...more,
})

const inputs = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }

const child: StubDocument = {
  ...{ format: 'fermata/1', key: 'child', title: 'Child', kind: 'sub', inputs, settings: {} },
  nodes: [
    effect('c'),
    { id: 'nap', type: 'delay', config: { for: '10ms' } },
    { id: 'o', type: 'output', config: { value: '{{ nodes.c.output.n }}' } },
  ],
  edges: [
    { from: 'c', to: 'nap' },
    { from: 'nap', to: 'o' },
  ],
}

const everything: StubDocument = {
  ...{ format: 'fermata/1', key: 'everything', title: 'Everything', kind: 'main', inputs, settings: {} },
  nodes: [
    { id: 'par', type: 'parallel', config: { branches: [{ name: 'left' }, { name: 'right' }] } },
    effect('l', { parent: 'par', branch: 'left' }),
    effect('r', { parent: 'par', branch: 'right', type: 'stub' }),
    { id: 'each', type: 'loop', config: { over: [5, 6, 7], concurrency: 2 } },
    effect('body', { parent: 'each', config: { n: '{{ item }}' } }),
    { id: 'wait', type: 'delay', config: { for: '20ms' } },
    { id: 'ask', type: 'manual', config: { title: 'Fill in', form: { type: 'object' } } },
    {
      id: 'call',
      type: 'workflow',
      config: { workflow: 'child', inputs: { n: '{{ nodes.ask.output.n }}' } },
    },
    effect('again', {
      config: { n: 1, fails: 1, kind: 'error' },
      policy: { retry: { attempts: 1, delay: '10ms' } },
    }),
    effect('hosts', { bind: { path: 'h1,h2' } }),
    effect('dares', {
      bind: { path: 'h1,h2', concurrency: 1 },
      config: { n: '{{ inputs.n }}', harm: true },
      policy: { risk: 'ask' },
    }),
    { id: 'end', type: 'output', config: { value: '{{ nodes.call.output }}' } },
  ],
  edges: ['par', 'each', 'wait', 'ask', 'call', 'again', 'hosts', 'dares'].map((from, n, all) => ({
    from,
    to: all[n + 1] ?? 'end',
  })),
}

/** A unit is one kill; when there are no further commits the rest of the units begins anew. */
export const everyCommit: ChaosCase = {
  id: 'R2E',
  title: 'killed at every commit of one execution',
  units: { T0: 8, T1: 60, T2: 120 },
  perChunk: { one: 60, three: 60 },
  run: (ground, { seed, processes, units }) =>
    runChaos(ground, { seed, processes, documents: [child, everything] }, (stage) =>
      killAtEach(stage, units),
    ),
}

async function killAtEach(stage: Stage, units: number): Promise<string[]> {
  const { random, fleet } = stage
  // Nobody else takes a part of it away.
  await Promise.all(fleet.members.map((_, place) => fleet.end(place, 'SIGKILL')))
  // A small size begins anywhere, the full one at the first commit.
  let nth = units < 30 ? random.int(1, 10) : 1
  for (let kills = 0; kills < units; nth++) {
    for (const side of sides) {
      const died = await fleet.arm(
        0,
        { point: 'commit', side, nth },
        { ms: withinMs, meanwhile: () => void stage.load.start() },
      )
      if (died) kills++
      await fleet.fill(0)
      await untilOver(stage)
      await fleet.end(0, 'SIGTERM')
      if (!died) nth = 0
    }
  }
  await fleet.fill(0)
  return []
}

async function untilOver({ database, load }: Stage): Promise<void> {
  const live = `select from fermata.executions e where ended_at is null and (not attention or exists
    (select from fermata.node_runs r where r.execution_id = e.id and r.status = 'risky' and r.ended_at is null)) limit 1`
  while (load.unacknowledged > 0 || (await database.pool.query(live)).length > 0) await pause(20)
}
