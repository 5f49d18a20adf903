// The operator of these tests: whoever asks because of a risk is told soon, mostly yes, sometimes no.
import { setTimeout as pause } from 'node:timers/promises'
import type { Act } from '../../../src/runtime/engine.ts'
import type { Pool } from '../../../src/store/db.ts'
import type { LoadOptions } from './load.ts'
import type { Sent } from './oracle.ts'
import { hashText } from './random.ts'

interface Stop {
  execution: string
  run: string
  attempt: number
}

const lookMs = 60
/** Of those that ask; the others are left for a later look, so that kills come between. */
const share = 0.3

const openStops = (pool: Pool) =>
  pool.query<Stop>(
    `select execution_id as execution, run, attempt from fermata.node_runs where status = 'risky' and ended_at is null`,
  )

/** What is decided depends on the question alone. */
export async function decideRisks(
  { pool, fleet, random }: Pick<LoadOptions, 'pool' | 'fleet' | 'random'>,
  acts: Sent['acts'][number][],
  isOver: () => boolean,
): Promise<void> {
  const own = random.fork('risks')
  while (!isOver()) {
    const stops = await openStops(pool).catch(() => [])
    const byExecution = Map.groupBy(stops, ({ execution }) => execution)
    const chosen = [...byExecution].filter(() => own.chance(share))
    await Promise.all(chosen.map(([execution, asking]) => decide(execution, asking)))
    await pause(lookMs)
  }

  async function decide(execution: string, stops: readonly Stop[]): Promise<void> {
    const choices = stops.map((stop) => ({ stop, choice: choiceFor(stop) }))
    if (choices.some(({ choice }) => choice === 'terminate')) return act(execution, { type: 'terminate' })
    const skipped = choices.filter(({ choice }) => choice === 'skip')
    const taken = choices.flatMap(({ stop, choice }) => (choice === 'confirm' ? [stop] : []))
    await Promise.all([
      ...skipped.map(({ stop: { run, attempt } }) => act(execution, { type: 'skip', run, attempt })),
      ...(hashText(execution) % 2 === 0
        ? taken.map(({ run, attempt }) => act(execution, { type: 'confirm', run, attempt }))
        : [confirmAll(execution, taken)]),
    ])
  }

  async function act(execution: string, order: Act): Promise<void> {
    const reply = await fleet.any(own)?.ask({ do: 'act', execution, act: order })
    const acknowledged = reply !== undefined && 'done' in reply
    const at = 'run' in order ? { run: order.run, risk: true as const } : {}
    acts.push({ execution, act: order.type, ...at, acknowledged })
  }

  /** All by one request: each is acknowledged by itself. */
  async function confirmAll(execution: string, stops: readonly Stop[]): Promise<void> {
    if (stops.length === 0) return
    const runs = stops.map(({ run, attempt }) => ({ run, attempt }))
    const reply = await fleet.any(own)?.ask({ do: 'confirm', execution, runs })
    const confirmed = reply !== undefined && 'done' in reply ? (JSON.parse(reply.done) as string[]) : []
    for (const { run } of runs)
      acts.push({ execution, act: 'confirm', run, risk: true, acknowledged: confirmed.includes(run) })
  }
}

function choiceFor({ execution, run, attempt }: Stop): 'confirm' | 'skip' | 'terminate' {
  const roll = hashText(`${execution} ${run} ${attempt}`) % 60
  if (roll === 0) return 'terminate'
  return roll < 10 ? 'skip' : 'confirm'
}
