// What the record and the world must say of risks: nothing happened before somebody confirmed it, each confirmation is
// good for one idempotency key, and confirmed records keep to the concurrency of their node.
import { groupLines, type LedgerLine } from './ledger.ts'
import { attemptKey, type Read, type Violation } from './oracle.ts'
import { asksFirst, nodeOfRun, ownerOf } from './risky.ts'

interface Attempt {
  execution: string
  run: string
  attempt: number
  endAt: Date | null
  /** It stopped for its risk. */
  asked: boolean
  confirmedAt: Date | null
}

/** Also what no node asks about: every record of every bound node. */
export async function checkRisks(read: Read): Promise<Violation[]> {
  const attempts = await read.pool.query<Attempt>(
    `select execution_id as execution, run, attempt, min(at) filter (where ended) as "endAt",
       bool_or(status = 'risky') as asked, min(at) filter (where ended and status = 'risky') as "confirmedAt"
     from public.marks group by execution_id, run, attempt`,
  )
  const known = new Map(attempts.map((one) => [attemptKey(one), one]))
  return [...checkAsked(read, attempts, known), ...checkPlaces(read, known)]
}

function checkAsked(
  read: Read,
  attempts: readonly Attempt[],
  known: ReadonlyMap<string, Attempt>,
): Violation[] {
  const workflows = new Map(read.heads.map(({ id, workflow }) => [id, workflow]))
  const stops = Map.groupBy(
    attempts.filter(({ confirmedAt }) => confirmedAt !== null),
    ({ execution, run }) => `${execution} ${run}`,
  )
  const keys = new Map<string, string>()
  return read.lines.flatMap((line) => {
    const { execution, run, attempt, key } = line
    const wrong = (what: string) => [{ rule: 'I7', execution, what: `${run}#${attempt} ${what}` }]
    if (known.get(attemptKey(line))?.asked) return wrong('was called, and was to wait for a person')
    const node = nodeOfRun(read.documents.get(workflows.get(execution) ?? ''), run)
    if (!node || !asksFirst(node, run)) return []
    const stop = (stops.get(`${execution} ${run}`) ?? [])
      .filter((one) => one.attempt < attempt && Number(one.confirmedAt) <= line.t + 1)
      .sort((a, b) => b.attempt - a.attempt)[0]
    if (!stop) return wrong('was called before anybody had confirmed it')
    const first = keys.get(attemptKey(stop)) ?? key
    keys.set(attemptKey(stop), first)
    return first === key ? [] : wrong(`goes by the confirmation of attempt ${stop.attempt}, used for another`)
  })
}

/** Between the call and the end of its attempt a record has a place of its node. */
function checkPlaces(read: Read, known: ReadonlyMap<string, Attempt>): Violation[] {
  const workflows = new Map(read.heads.map(({ id, workflow }) => [id, workflow]))
  const owners = groupLines(read.lines, ({ execution, run }) => `${execution} ${ownerOf(run)}`)
  return [...owners.values()].flatMap((lines) => {
    const { execution, run } = lines[0] as LedgerLine
    const limit = nodeOfRun(read.documents.get(workflows.get(execution) ?? ''), run)?.bind?.concurrency
    if (limit === undefined) return []
    const spans = [...groupLines(lines, attemptKey)].map(([key, calls]) => ({
      from: Math.min(...calls.map(({ t }) => t)),
      to: known.get(key)?.endAt?.getTime() ?? Number.POSITIVE_INFINITY,
    }))
    const most = mostAtOnce(spans)
    if (most <= limit) return []
    return [
      { rule: 'I5', execution, what: `${ownerOf(run)} worked on ${most} records at once, not ${limit}` },
    ]
  })
}

interface Span {
  from: number
  to: number
}

/** What ends where another begins makes room for it. */
export function mostAtOnce(spans: readonly Span[]): number {
  const real = spans.filter(({ from, to }) => from < to)
  return Math.max(
    0,
    ...real.map(({ from }) => real.filter((one) => one.from <= from && from < one.to).length),
  )
}
