// Many executions, each inside an effect, all in the hands of one process.
import { setTimeout as pause } from 'node:timers/promises'
import type { StubDocument } from '../harness/document-shape.ts'
import type { Stage } from '../harness/run-chaos.ts'
import { startMany } from './start-many.ts'

interface Lasting {
  ms: number
  /** All last at least until this instant: those repeated later are quick. */
  until?: number
}

const holding = (key: string, type: string, lasting: Lasting): StubDocument => ({
  format: 'fermata/1',
  key,
  title: key,
  kind: 'main',
  inputs: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
  settings: { onFailure: 'hold' },
  nodes: [
    { id: 'a', type, config: { n: '{{ inputs.n }}', ...lasting } },
    { id: 'b', type: 'safe-stub', config: { n: '{{ nodes.a.output.n }}' } },
  ],
  edges: [{ from: 'a', to: 'b' }],
})

/** Nine of ten may be repeated; the tenth is held for an operator when it is interrupted. */
export const heldDocuments = (lasting: Lasting) => [
  ...Array.from({ length: 9 }, (_, n) => holding(`safe${n}`, 'safe-stub', lasting)),
  holding('unsafe', 'stub', lasting),
]

const heldWithinMs = 60_000

/** Starts so many by one process; resolves when it has claimed the effects of all. */
export async function holdAll(stage: Stage, count: number): Promise<void> {
  await startMany(stage, count, (n) => (n % 10 === 9 ? 'unsafe' : `safe${n % 10}`))
  const claimed = `select count(*)::int as count from fermata.queue where kind = 'run' and claimed_by is not null`
  const until = Date.now() + heldWithinMs
  while (((await stage.database.pool.query<{ count: number }>(claimed))[0]?.count ?? 0) < count) {
    if (Date.now() > until) throw new Error(`${count} effects were never under way together`)
    await pause(20)
  }
}

export interface Recovery {
  /** From the death of the process until the last of its claims was free, and taken up by another, or settled. */
  freeMs: number
  takenUpMs: number
}

export async function measureRecovery(stage: Stage, pid: number, diedAt: number): Promise<Recovery> {
  const [row] = await stage.database.pool.query<{ free: Date; taken: Date }>(
    `with own as (select id from public.members where pid = $1),
     freed as (select execution_id, run, attempt, max(at) as at from public.leases
       where op = 'update' and claimed_by is null and was_claimed_by in (table own) group by 1, 2, 3),
     taken as (select f.execution_id, min(l.at) as at from freed f join public.leases l using (execution_id, run, attempt)
       where l.at > f.at and (l.op = 'delete' or l.claimed_by is not null) group by 1)
     select (select max(at) from freed) as free, (select max(at) from taken) as taken`,
    [pid],
  )
  if (!row) throw new Error('Nothing was freed')
  return { freeMs: row.free.getTime() - diedAt, takenUpMs: row.taken.getTime() - diedAt }
}
