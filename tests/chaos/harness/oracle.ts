// Judges a database and a ledger at rest by the invariants of the durability protocol (I1 to I10, I12).
import type { Pool } from '../../../src/store/db.ts'
import type { StubDocument } from './document-shape.ts'
import type { LedgerLine } from './ledger.ts'
import { explain, type Observation, type Seen } from './model.ts'
import { checkEffects } from './oracle-effects.ts'
import { checkRows } from './oracle-rows.ts'
import { countTransitions } from './transitions.ts'

export interface Violation {
  /** I1 … I12; R: an engine went away by itself. */
  rule: string
  execution: string
  what: string
}

/** What was sent to the engine, and whether it was acknowledged. */
export interface Sent {
  starts: readonly { key: string; execution?: string }[]
  answers: readonly { task: string; port?: string; acknowledged: boolean }[]
  /** `risk`: the answer to a question about a risk. */
  acts: readonly { execution: string; act: string; run?: string; acknowledged: boolean; risk?: true }[]
}

export interface Evidence {
  pool: Pool
  lines: readonly LedgerLine[]
  documents: ReadonlyMap<string, StubDocument>
  sent: Sent
}

export interface Judgement {
  violations: Violation[]
  transitions: number
  executions: number
  /** How many executions ended how. */
  ends: Record<string, number>
}

export interface Head {
  id: string
  workflow: string
  status: string
  attention: boolean
  reason: string | null
  inputs: Record<string, unknown>
  output: unknown
  parent: string | null
  parentRun: string | null
  parentAttempt: number | null
  dedupKey: string | null
}

export interface RunRow {
  execution: string
  run: string
  attempt: number
  node: string
  status: string
  output: unknown
  error: { kind?: string; code?: string } | null
  seq: number
  /** What a person did to it. */
  manual: string | null
}

/** What the checks read, once. */
export interface Read extends Evidence {
  heads: Head[]
  runs: Map<string, RunRow[]>
  /** Deaths while an attempt was held, by `execution run attempt`. */
  crashes: Map<string, number>
  /** The same, those of the attempts it repeats included. */
  allCrashes: Map<string, number>
}

export const attemptKey = (row: { execution: string; run: string; attempt: number }): string =>
  `${row.execution} ${row.run} ${row.attempt}`

export async function judge(evidence: Evidence): Promise<Judgement> {
  const read = await readAll(evidence)
  const ends: Record<string, number> = {}
  for (const { status } of read.heads) ends[status] = (ends[status] ?? 0) + 1
  const violations = [...checkModel(read), ...(await checkRows(read)), ...(await checkEffects(read))]
  return {
    violations,
    transitions: await countTransitions(evidence.pool),
    executions: read.heads.length,
    ends,
  }
}

interface AttemptCrashes {
  execution: string
  run: string
  attempt: number
  count: number
  total: number
}

async function readAll(evidence: Evidence): Promise<Read> {
  const { pool } = evidence
  const heads = await pool.query<Head>(
    `select id, workflow, status, attention, reason, inputs, output, parent_id as parent, parent_run as "parentRun",
       parent_attempt as "parentAttempt", dedup_key as "dedupKey" from fermata.executions order by id`,
  )
  const rows = await pool.query<RunRow>(
    `select n.execution_id as execution, n.run, n.attempt, n.node, n.status, n.seq, n.manual ->> 'act' as manual,
       coalesce(n.output, b.content) as output, n.error
     from fermata.all_node_runs n left join fermata.blobs b using (execution_id, run, attempt)`,
  )
  const released = await pool.query<AttemptCrashes>(
    `select execution_id as execution, run, attempt, count(*)::int as count, max(crashes) as total from public.leases
     where op = 'update' and kind = 'run' and was_claimed_by is not null and claimed_by is null
       and crashes > 0 group by execution_id, run, attempt`,
  )
  const runs = new Map<string, RunRow[]>(heads.map(({ id }) => [id, []]))
  for (const row of rows) runs.get(row.execution)?.push(row)
  return {
    ...evidence,
    heads,
    runs,
    crashes: new Map(released.map((row) => [attemptKey(row), row.count])),
    allCrashes: new Map(released.map((row) => [attemptKey(row), row.total])),
  }
}

/** I2 and I9, and what the model knows of I1: everything ran that must, nothing else, with the right results. */
function checkModel(read: Read): Violation[] {
  const children = new Map(
    read.heads.map((head) => [`${head.parent} ${head.parentRun} ${head.parentAttempt}`, head]),
  )
  const others = actedOn(read)
  return read.heads.flatMap((head) => {
    const document = read.documents.get(head.workflow)
    if (!document || others.has(head.id)) return []
    const { problems } = explain(document, observationOf(read, head, children))
    return problems.map((what) => ({ rule: 'I9', execution: head.id, what }))
  })
}

/** Executions an operator has changed, with all above and below them: of acts the model knows answers about risks. */
function actedOn({ heads, sent }: Read): Set<string> {
  const found = new Set(sent.acts.flatMap(({ execution, risk }) => (risk ? [] : [execution])))
  // Parents are older than their children: once down, once up.
  const below = (head: Head) => found.has(head.parent ?? '') && found.add(head.id)
  const above = (head: Head) => head.parent !== null && found.has(head.id) && found.add(head.parent)
  heads.toReversed().forEach(above)
  heads.forEach(below)
  return found
}

function observationOf(read: Read, head: Head, children: ReadonlyMap<string, Head>): Observation {
  const runs = new Map<string, Seen>()
  for (const row of read.runs.get(head.id) ?? []) {
    const { run, attempt, status, output, error, seq, manual } = row
    const crashes = read.crashes.get(attemptKey(row)) ?? 0
    const allCrashes = read.allCrashes.get(attemptKey(row)) ?? 0
    runs.set(`${run}#${attempt}`, { status, output, error, seq, manual, crashes, allCrashes })
  }
  const { inputs, status, attention, reason, output } = head
  return {
    ...{ inputs, status, attention, reason, output, runs },
    child: (run, attempt) => children.get(`${head.id} ${run} ${attempt}`),
  }
}
