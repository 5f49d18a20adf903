// What keeps the engines busy: executions started until each start is acknowledged, and people who answer.
import { setTimeout as pause } from 'node:timers/promises'
import type { Pool } from '../../../src/store/db.ts'
import { decideRisks } from './decide-risks.ts'
import type { Fleet } from './fleet.ts'
import { leftAlone } from './generate-nodes.ts'
import type { Sent } from './oracle.ts'
import { hashText, type Random } from './random.ts'
import { countTransitions } from './transitions.ts'

export interface Load {
  readonly sent: {
    starts: Sent['starts'][number][]
    answers: Sent['answers'][number][]
    acts: Sent['acts'][number][]
  }
  /** Starts one more; resolves when it is acknowledged, however often that takes. */
  start(): Promise<string>
  readonly unacknowledged: number
  /** Starts that were refused for another reason than that the database was away. */
  readonly refusals: string[]
  stop(): void
}

export interface LoadOptions {
  pool: Pool
  fleet: Fleet
  random: Random
  workflows: readonly string[]
}

const againMs = 30
const lookMs = 60

export function openLoad(options: LoadOptions): Load {
  const { fleet, random, workflows } = options
  const sent: Load['sent'] = { starts: [], answers: [], acts: [] }
  const refusals: string[] = []
  let count = 0
  let unacknowledged = 0
  let isOver = false

  async function start(): Promise<string> {
    const key = `start-${++count}`
    const workflow = random.pick(workflows)
    const inputs = { n: random.int(0, 20) }
    const record: { key: string; execution?: string } = { key }
    sent.starts.push(record)
    unacknowledged++
    while (!isOver) {
      const reply = await fleet
        .any(random)
        ?.ask({ do: 'start', request: { workflow, inputs, dedupKey: key } })
      if (reply && 'done' in reply) {
        record.execution = reply.done
        unacknowledged--
        return reply.done
      }
      if (reply && reply.refused.code !== 'unavailable') refusals.push(`${key}: ${reply.refused.message}`)
      await pause(againMs)
    }
    return ''
  }

  const people = [
    answerTasks(options, sent.answers, () => isOver),
    decideRisks(options, sent.acts, () => isOver),
  ]
  return {
    sent,
    refusals,
    start,
    get unacknowledged() {
      return unacknowledged
    },
    stop() {
      isOver = true
      void Promise.all(people)
    },
  }
}

interface OpenTask {
  id: string
  kind: string
  execution: string
  run: string
}

/** Looks for open tasks and answers each; which answer depends on the task alone. */
async function answerTasks(
  { pool, fleet, random }: LoadOptions,
  answers: Sent['answers'][number][],
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const tasks = await pool
      .query<OpenTask>(
        `select id, kind, execution_id as execution, run from fermata.tasks where status = 'open' and title <> $1`,
        [leftAlone],
      )
      .catch(() => [])
    await Promise.all(tasks.map((task) => answerTask(task)))
    await pause(lookMs)
  }

  async function answerTask(task: OpenTask): Promise<void> {
    const answer = answerFor(task)
    const record = { task: task.id, ...(answer.port ? { port: answer.port } : {}), acknowledged: false }
    const reply = await fleet.any(random)?.ask({ do: 'answer', task: task.id, answer })
    answers.push({ ...record, acknowledged: reply !== undefined && 'done' in reply })
  }
}

function answerFor({ kind, execution, run }: OpenTask): { output?: { n: number }; port?: string } {
  const roll = hashText(`${execution} ${run}`) % 10
  if (kind === 'manual') return { output: { n: roll } }
  if (kind === 'choice') return { port: roll < 5 ? 'left' : 'right' }
  return { port: roll < 8 ? 'approve' : 'reject' }
}

/**
 * Waits until nothing is queued and nobody is asked any more. False when nothing has moved for `stillMs`: then
 * something is stuck, and the oracle says what.
 */
export async function untilQuiet(pool: Pool, load: Load, stillMs = 20_000): Promise<boolean> {
  let last = -1
  let since = Date.now()
  for (;;) {
    const [row] = await pool.query<{ busy: boolean }>(
      `select exists (select from fermata.queue) or exists (select from fermata.tasks where status = 'open')
         or exists (select from fermata.node_runs where status = 'risky' and ended_at is null) as busy`,
    )
    if (!row?.busy && load.unacknowledged === 0) return true
    const now = await countTransitions(pool)
    if (now !== last) {
      last = now
      since = Date.now()
    }
    if (Date.now() - since > stillMs) return false
    await pause(100)
  }
}
