// Timers: many at different times, their process killed, some overdue before another one comes up.
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chain, publish } from '../../helpers/engine.ts'
import type { EngineChild, Flaw } from './children.ts'
import { type Drill, type Stage, steady } from './stage.ts'

const delays = Array.from({ length: 15 }, (_, n) => 200 + n * 200)
/** Between the clock reading of a statement and the one of its trigger. */
const toleranceMs = 80
/** Due when the next process has looked already, and sooner than a stuck one is given up. */
const last = { workflow: 'd500', dueInMs: 1200 }

export const timers: Drill = async (stage) => {
  const { pool } = stage
  await publishAll(stage)
  await publish(pool, chain(last.workflow, [nap(3_600_000)]))
  const [victim] = await stage.children(1, steady)
  await startAll(victim)
  await victim?.start([{ workflow: last.workflow }])
  const heir = stage.load(steady)
  const ended = 'select from fermata.executions where ended_at is not null'
  const fired = await stage.reach(async () => (await pool.query(ended)).length > 2)
  victim?.signal('SIGKILL')
  await victim?.ended
  await stage.reach(async () => {
    const overdue = await pool.query(
      `select from fermata.queue where due_at < now() - interval '600 ms' and claimed_by is null`,
    )
    return overdue.length >= 2
  })
  await comeUp(stage, heir)
  return [...(fired ? [] : ['nothing moves any more: no timer fires']), ...(await judgeTimers(stage))]
}

/** However long that takes, one timer is not due yet when it looks for the first time. The oracle is told when it is. */
async function comeUp({ pool }: Stage, heir: EngineChild): Promise<void> {
  let isUp = false
  const up = heir.go().finally(() => {
    isUp = true
  })
  while (!isUp) {
    await pool.run(
      `with moved as (update fermata.queue set due_at = now() + $1 * interval '1 ms'
         where workflow = $2 and claimed_by is null returning execution_id, due_at)
       update public.leases l set due_at = moved.due_at from moved
         where l.execution_id = moved.execution_id and l.op = 'insert' and l.kind = 'wake'`,
      [last.dueInMs, last.workflow],
    )
    await pause(20)
  }
  await up
}

const minuteMs = 60_000

/** Of two processes one is an hour early, one ten minutes late; each starts some, and takes up what the other one started. */
export const wrongClock: Drill = async (stage) => {
  await publishAll(stage)
  const [early] = await stage.children(1, steady, shiftClock(-60 * minuteMs))
  const [late] = await stage.children(1, steady, shiftClock(10 * minuteMs))
  await Promise.all([early, late].map(startAll))
  return judgeTimers(stage)
}

export function shiftClock(ms: number): Flaw {
  return {
    preload: [join(import.meta.dirname, '../preload/shift-clock.ts')],
    env: { FERMATA_CLOCK_MS: String(ms) },
  }
}

async function publishAll({ pool }: Stage): Promise<void> {
  for (const ms of delays) await publish(pool, chain(`d${ms}`, [nap(ms)]))
}

const nap = (ms: number) => ({ id: 'nap', type: 'delay', config: { for: `${ms}ms` } })

async function startAll(child: EngineChild | undefined): Promise<void> {
  await child?.start(delays.map((ms) => ({ workflow: `d${ms}` })))
}

async function judgeTimers(stage: Stage): Promise<string[]> {
  const stuck = await stage.settle()
  const rows = await stage.pool.query<{ workflow: string; waits: number; ends: number; ms: number }>(
    `select e.workflow, count(*) filter (where m.status = 'waiting')::int as waits, count(*) filter (where m.ended)::int as ends,
       extract(epoch from max(m.at) filter (where m.ended) - e.created_at)::float8 * 1000 as ms
     from fermata.executions e join public.marks m on m.execution_id = e.id group by e.id, e.workflow`,
  )
  const wrong = rows.flatMap(({ workflow, waits, ends, ms }) => [
    ...(ms < Number(workflow.slice(1)) - toleranceMs
      ? [`a timer fired early: ${workflow} after ${ms} ms`]
      : []),
    ...(waits === 1 && ends <= 1 ? [] : [`a timer fired twice: ${workflow} waited ${waits}, ended ${ends}`]),
  ])
  return [...stuck, ...wrong, ...(await stage.judge())]
}
