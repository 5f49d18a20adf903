// The physical limit to divide by: a row for each node run in the same tables with the same driver and as many executions
// under way, and nothing else: no guard to answer, no row that may be there already. Columns travel as those of the engine
// do, which is the fastest way known. What the engine writes as one row (ADR 31) has a loop of its own. All executions in one statement, or halves in two at once: the better one counts.
import { decodeColumn, encodeColumn } from '../../src/store/columns.ts'
import type { Pool } from '../../src/store/db.ts'

export interface BareResult {
  /** Executions or node runs per second. */
  perSecond: number
}

interface Options {
  /** Executions under way. */
  batch: number
  ms: number
}

const nodes = 10
const marks = Array.from({ length: nodes }, (_, n) => `n${n}`).join(' ')
const snapshot = `{"status":"completed","s":{"":["${marks}",0]},"r":{}}`
const pad = 'x'.repeat(100)

const texts = (n: number): string => decodeColumn('text', `$${n}`)
const asText = (column: readonly string[]) => encodeColumn('text', column)

const inlineSql = `with e as (insert into fermata.executions (id, workflow, version, status, snapshot, inputs, trigger,
    started_by, created_at, started_at, ended_at)
    select id, 'w10', 1, 'completed', $2::json, $3::json, 'api', 'bench', now(), now(), now()
    from unnest($1::bigint[]) id)
  insert into fermata.node_runs (execution_id, run, attempt, node, status, input, output, started_at, ended_at,
    worker, seq)
  select r.id, r.run, 1, r.run, 'completed', r.input::json, r.output::json, now(), now(), '12345@abcdefgh', 1
  from (select unnest($4::bigint[]) as id, unnest(${texts(5)}) as run, unnest(${texts(6)}) as input,
    unnest(${texts(7)}) as output) r`

const packedSql = `with e as (insert into fermata.executions (id, workflow, version, status, snapshot, inputs, trigger,
    started_by, created_at, started_at, ended_at)
    select id, 'w10', 1, 'completed', $2::json, $3::json, 'api', 'bench', now(), now(), now()
    from unnest($1::bigint[]) id)
  insert into fermata.run_packs (execution_id, seq, part, since, worker, runs, contents)
  select id, 1, 0, now(), '12345@abcdefgh', r.runs, r.contents
  from (select unnest($1::bigint[]) as id, unnest(${texts(4)}) as runs, unnest(${texts(5)}) as contents) r`

/** Inline W10 with the node runs of each execution in one row, as the engine writes them. */
export function barePacked(pool: Pool, { batch, ms }: Options): Promise<BareResult> {
  const each = (text: (n: number) => string, between: string) =>
    Array.from({ length: batch }, () => Array.from({ length: nodes }, (_, n) => text(n)).join(between))
  const inputs = JSON.stringify({ i: 0, pad })
  const runs = each((n) => `n${n} 0 0`, '\n')
  const contents = each((i) => JSON.stringify([{ values: { i, pad } }, { i, pad }]), ',')
  return best({ batch, ms }, async (size) => {
    const columns = [runs, contents.map((list) => `[${list}]`)].map((column) => asText(column.slice(0, size)))
    await pool.run(packedSql, [takeIds(size), snapshot, inputs, ...columns], 'bare_packed')
    return size
  })
}

/** Inline W10: one insert of executions with ten node runs each per statement. */
export function bareInline(pool: Pool, { batch, ms }: Options): Promise<BareResult> {
  const inputs = JSON.stringify({ i: 0, pad })
  const perRun = (text: (n: number) => string) =>
    Array.from({ length: batch * nodes }, (_, n) => text(n % nodes))
  const texts = perRun((i) => JSON.stringify({ values: { i, pad } }))
  const outputs = perRun((i) => JSON.stringify({ i, pad }))
  const runs = perRun((i) => `n${i}`)
  return best({ batch, ms }, async (size) => {
    const ids = takeIds(size)
    const runIds = ids.flatMap((id) => Array.from({ length: nodes }, () => id))
    const rows = [runs, texts, outputs].map((column) => column.slice(0, size * nodes))
    await pool.run(inlineSql, [ids, snapshot, inputs, runIds, ...rows.map(asText)], 'bare_inline')
    return size
  })
}

/** Lives while the loop runs, so that no engine takes up what it claims. */
const claimant = '00000000-0000-0000-0000-000000000001'

/** The last node has no next: the execution ends. */
const effectSql = `with x as (select unnest($1::bigint[]) as id, unnest(${texts(2)}) as snapshot, unnest($3::integer[]) as seq,
    unnest(${texts(5)}) as input, unnest(${texts(6)}) as output),
  u as (update fermata.executions e set seq = e.seq + 1, snapshot = x.snapshot::json,
      status = case when $7::text is null then 'completed' else e.status end,
      ended_at = case when $7::text is null then now() end
    from x where e.id = x.id and e.seq = x.seq returning e.id, x.input, x.output),
  n as (insert into fermata.node_runs (execution_id, run, attempt, node, status, input, output, started_at, ended_at,
    worker, seq) select u.id, $4, 1, $4, 'completed', u.input::json, u.output::json, now(), now(), '12345@abcdefgh', 1
    from u),
  m as (update fermata.queue q set run = $7 from u where q.execution_id = u.id and q.run = $4 and q.attempt = 1
    and $7::text is not null)
  delete from fermata.queue q using u where q.execution_id = u.id and q.run = $4 and q.attempt = 1 and $7::text is null`

/** Effect node runs: per statement, executions finish one effect and dispatch the next, if there is one. */
export async function bareEffects(pool: Pool, { batch, ms }: Options): Promise<BareResult> {
  const text = JSON.stringify({ i: 1, pad })
  const live = snapshot.replace('"status":"completed",', '')
  await pool.run(
    `insert into fermata.processes (id, host, pid, roles, beat_at, reads_packs)
     values ($1, 'bare loop', 0, '{}', 'infinity', true)`,
    [claimant],
  )
  try {
    return await best({ batch, ms }, async (size) => {
      const ids = await startExecutions(pool, takeIds(size), live)
      for (let n = 0; n < nodes; n++) {
        const next = n + 1 < nodes ? `n${n + 1}` : null
        const [snapshots, seqs, contents] = [ids.map(() => live), ids.map(() => n + 1), ids.map(() => text)]
        await pool.run(
          effectSql,
          [ids, asText(snapshots), seqs, `n${n}`, asText(contents), asText(contents), next],
          'bare_effect',
        )
      }
      return nodes * size
    })
  } finally {
    await pool.run('delete from fermata.processes where id = $1', [claimant])
  }
}

async function startExecutions(pool: Pool, ids: string[], live: string): Promise<string[]> {
  await pool.run(
    `with e as (insert into fermata.executions (id, workflow, version, status, snapshot, inputs, trigger, started_by,
      started_at) select id, 'w10', 1, 'running', $2::json, $3::json, 'api', 'bench', now()
      from unnest($1::bigint[]) id returning id)
     insert into fermata.queue (execution_id, run, attempt, kind, workflow, claimed_by)
     select e.id, 'n0', 1, 'run', 'w10', '${claimant}' from e`,
    [ids, live, JSON.stringify({ i: 0, pad })],
    'bare_start',
  )
  return ids
}

let nextId = 1_000_000_000

function takeIds(count: number): string[] {
  const first = nextId
  nextId += count
  return Array.from({ length: count }, (_, n) => String(first + n))
}

type Write = (size: number) => Promise<number>

async function best({ batch, ms }: Options, write: Write): Promise<BareResult> {
  const whole = await rateOf([batch], ms / 2, write)
  if (batch === 1) return { perSecond: whole }
  const halves = await rateOf([Math.ceil(batch / 2), Math.floor(batch / 2)], ms / 2, write)
  return { perSecond: Math.max(whole, halves) }
}

/** Loops of statements of these sizes, side by side. */
async function rateOf(sizes: readonly number[], ms: number, write: Write): Promise<number> {
  const started = performance.now()
  let done = 0
  const loop = async (size: number): Promise<void> => {
    while (performance.now() < started + ms) {
      const written = await write(size)
      done += written
    }
  }
  await Promise.all(sizes.map(loop))
  return done / ((performance.now() - started) / 1000)
}
