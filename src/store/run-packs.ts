// Node runs that began and ended within one turn share rows: ten of them cost little more than one (ADR 31). Whoever
// reads finds them in the view `all_node_runs`; what failed, waits, retries or has a record is always a row of its own.
// Ask the view by the id of an execution, or in a lateral query that is not flattened (`offset 0`): a join opens every pack.
import { column as columnOf, orNull, type Part, shared, time } from './part.ts'
import type { RunRow, Save } from './save.ts'

/** Characters of a pack: its row should stay within one page of 8 KB. */
const mostInPack = 6000
/** Characters of input and output of a run that is put into one. */
const mostOfRun = 2000

/** PostgreSQL keeps a NUL or half a pair so written, but cannot take a value apart that has one. */
const unopenable = '\\u'

/** Says which rows share one: `began` tells of a run that was not there before this save. One alone has its own. */
export function choosePacked(rows: readonly RunRow[], began: (row: RunRow) => boolean): void {
  const chosen = rows.filter((row) => isPlain(row) && began(row))
  if (chosen.length > 1) for (const row of chosen) row.packed = true
}

function isPlain({ fresh, status, attempt, record, manual, wait, error, ...row }: RunRow): boolean {
  if (!fresh || status !== 'completed' || attempt !== 1) return false
  if (record !== undefined || manual !== undefined || wait !== undefined || error !== undefined) return false
  const { input, output, startedAt, endedAt } = row
  if (input === undefined || output === undefined) return false
  if (startedAt === undefined || endedAt === undefined) return false
  return (
    input.length + output.length <= mostOfRun && !input.includes(unopenable) && !output.includes(unopenable)
  )
}

interface Pack {
  part: number
  since: number
  worker: string | undefined
  runs: string
  contents: string
}

function packsOf(save: Save): Pack[] {
  const packs: Pack[] = []
  let pack: Pack | undefined
  for (const row of save.runs) {
    if (!row.packed) continue
    if (!pack || pack.contents.length > mostInPack) {
      pack = { part: packs.length, since: row.startedAt ?? 0, worker: row.worker, runs: '', contents: '' }
      packs.push(pack)
    }
    addTo(pack, row)
  }
  return packs
}

/** No id of a run or node has a blank (`core/run-id.ts`); input and output are JSON already. */
function addTo(pack: Pack, { run, node, startedAt = 0, endedAt = 0, input, output }: RunRow): void {
  const isFirst = pack.runs === ''
  const other = node === run ? '' : ` ${node}`
  pack.runs += `${isFirst ? '' : '\n'}${run} ${startedAt - pack.since} ${endedAt - pack.since}${other}`
  pack.contents += `${isFirst ? '' : ','}[${input},${output}]`
}

const column = columnOf<Pack>()

export const packPart: Part = {
  key: 'w',
  rows: packsOf,
  columns: [
    column('integer', 'seq', (_pack, save) => save.seq + 1),
    column('smallint', 'part', ({ part }) => part),
    column('ms', 'since', ({ since }) => since),
    shared(column('text', 'worker', ({ worker }) => orNull(worker))),
    column('text', 'runs', ({ runs }) => runs),
    column('json', 'contents', ({ contents }) => `[${contents}]`),
  ],
  sql: `w as (insert into fermata.run_packs (execution_id, seq, part, since, worker, runs, contents)
    select x.id, x.seq, x.part, ${time('since')}, x.worker, x.runs, x.contents from {x} x{saved})`,
}

/** The runs of packs in SQL, for figures about all of them; pages read the view. */
export const packed = {
  from: `fermata.run_packs p on p.execution_id = e.id cross join lateral string_to_table(p.runs, E'\\n') h`,
  node: `coalesce(nullif(split_part(h, ' ', 4), ''), split_part(h, ' ', 1))`,
  status: `'completed'`,
  ms: `split_part(h, ' ', 3)::float8 - split_part(h, ' ', 2)::float8`,
} as const
