// Invariants that compare the world with the record: effects (I3), causality (I5), fencing (I8).
import type { StubDocument } from './document-shape.ts'
import { groupLines, type LedgerLine } from './ledger.ts'
import { attemptKey, type Head, type Read, type RunRow, type Violation } from './oracle.ts'
import { checkRisks } from './oracle-risks.ts'
import { asksFirst } from './risky.ts'

export async function checkEffects(read: Read): Promise<Violation[]> {
  const calls = groupLines(read.lines, attemptKey)
  return [
    ...checkCalls(read, calls),
    ...checkKeys(read),
    ...(await checkOrder(read, calls)),
    ...(await checkDispatch(read)),
    ...(await checkFencing(read)),
    ...(await checkRisks(read)),
  ]
}

const stubs = new Set(['stub', 'safe-stub'])
const violation = (rule: string, execution: string, what: string): Violation => ({ rule, execution, what })

/** I3: every call belongs to a recorded attempt, and there are as many as deaths account for. */
function checkCalls(read: Read, calls: ReadonlyMap<string, LedgerLine[]>): Violation[] {
  const found: Violation[] = []
  const known = new Set<string>()
  for (const head of read.heads) {
    const document = read.documents.get(head.workflow)
    for (const row of read.runs.get(head.id) ?? []) {
      known.add(attemptKey(row))
      const what = complaint(read, document, { row, calls: calls.get(attemptKey(row))?.length ?? 0 })
      if (what) found.push(violation('I3', head.id, `${row.run}#${row.attempt} ${what}`))
    }
  }
  const live = new Set(read.heads.filter(({ attention }) => attention).map(({ id }) => id))
  for (const [key, [line]] of calls) {
    if (!line || known.has(key) || live.has(line.execution)) continue
    found.push(violation('I3', line.execution, `${line.run}#${line.attempt} was called and is not recorded`))
  }
  return found
}

function complaint(
  read: Read,
  document: StubDocument | undefined,
  of: { row: RunRow; calls: number },
): string | undefined {
  const { row, calls } = of
  const node = document?.nodes.find(({ id }) => id === row.node)
  if (!node || !stubs.has(node.type) || (node.bind && !row.run.endsWith(']'))) return undefined
  // Somebody was asked first: `checkRisks` knows what may have been called.
  if (row.status === 'risky' || (row.status === 'skipped' && asksFirst(node, row.run))) return undefined
  const crashes = read.crashes.get(attemptKey(row)) ?? 0
  const most = node.type === 'safe-stub' ? 1 + crashes : 1
  const accepted = (row.output as { error?: { code?: string } } | null)?.error
  const code = row.error?.code ?? accepted?.code
  const mayBeNone =
    row.status === 'canceled' || code === 'interrupted' || code === 'poison' || isLate(row, code)
  const least = mayBeNone ? 0 : 1
  if (calls >= least && calls <= most) return undefined
  return `is ${row.status} (${code ?? 'no error'}), was called ${calls} times with ${crashes} crashes; ${node.type}`
}

/** Its time may have been over before the call arrived. */
const isLate = ({ status }: RunRow, code: string | undefined): boolean =>
  status === 'timed-out' || code === 'timeout'

/** I3: what is repeated is the same, under the same key; different attempts groups have different keys. */
function checkKeys(read: Read): Violation[] {
  const found: Violation[] = []
  for (const [key, lines] of groupLines(read.lines, (line) => line.key)) {
    const [first] = lines
    if (!first) continue
    const same = lines.every((line) => line.run === first.run && line.bodyHash === first.bodyHash)
    if (!same) found.push(violation('I3', first.execution, `key ${key} was used for different things`))
  }
  for (const [attempt, lines] of groupLines(read.lines, attemptKey)) {
    const keys = new Set(lines.map(({ key }) => key))
    if (keys.size > 1)
      found.push(violation('I3', lines[0]?.execution ?? '', `${attempt} used ${[...keys].join(', ')}`))
  }
  return found
}

interface Times {
  /** First mark, and first end: the execution's seq, and the database's clock. */
  firstSeq: number
  endSeq: number | null
  endAt: Date | null
}

/** I5: nothing starts before what it follows has ended. */
async function checkOrder(read: Read, calls: ReadonlyMap<string, LedgerLine[]>): Promise<Violation[]> {
  const rows = await read.pool.query<Times & { execution: string; run: string }>(
    `select execution_id as execution, run, min(seq) as "firstSeq", min(seq) filter (where ended) as "endSeq",
       min(at) filter (where ended) as "endAt" from public.marks group by execution_id, run`,
  )
  const times = new Map(rows.map((row) => [`${row.execution} ${row.run}`, row]))
  const firstCall = new Map<string, number>()
  for (const [line] of calls.values()) {
    const key = `${line?.execution} ${line?.run}`
    if (line) firstCall.set(key, Math.min(firstCall.get(key) ?? line.t, line.t))
  }
  return read.heads.flatMap((head) => checkEdges(read, head, { times, firstCall }))
}

interface Known {
  times: ReadonlyMap<string, Times>
  firstCall: ReadonlyMap<string, number>
}

function checkEdges(read: Read, head: Head, known: Known): Violation[] {
  const document = read.documents.get(head.workflow)
  const found: Violation[] = []
  for (const row of read.runs.get(head.id) ?? []) {
    if (row.run.endsWith(']')) continue
    const scope = row.run.slice(0, row.run.length - row.node.length)
    const inbound = (document?.edges ?? []).filter(({ to }) => to === row.node)
    const before = inbound.flatMap(({ from }) => known.times.get(`${head.id} ${scope}${from}`) ?? [])
    const own = known.times.get(`${head.id} ${row.run}`)
    if (inbound.length === 0 || !own) continue
    const call = known.firstCall.get(`${head.id} ${row.run}`) ?? Number.POSITIVE_INFINITY
    const isAfter = ({ endSeq, endAt }: Times): boolean =>
      endSeq !== null && endSeq <= own.firstSeq && endAt !== null && endAt.getTime() <= call + 1
    const isAny = document?.nodes.find(({ id }) => id === row.node)?.join === 'any'
    if (isAny ? before.some(isAfter) : before.length > 0 && before.every(isAfter)) continue
    found.push(violation('I5', head.id, `${row.run} began before what it follows had ended`))
  }
  return found
}

/** I5, I6: an effect is called after its dispatch was written, and not before it was due. */
async function checkDispatch(read: Read): Promise<Violation[]> {
  const rows = await read.pool.query<{
    execution: string
    run: string
    attempt: number
    at: Date
    due: Date
  }>(
    `select execution_id as execution, run, attempt, at, due_at as due from public.leases
     where op = 'insert' and kind = 'run'`,
  )
  const dispatched = new Map(rows.map((row) => [attemptKey(row), row]))
  return read.lines.flatMap((line) => {
    const row = dispatched.get(attemptKey(line))
    if (!row) return [violation('I5', line.execution, `${line.run}#${line.attempt} was never dispatched`)]
    if (line.t + 1 < row.at.getTime())
      return [violation('I5', line.execution, `${line.run}#${line.attempt} was called before its dispatch`)]
    if (line.t + 1 < row.due.getTime())
      return [violation('I6', line.execution, `${line.run}#${line.attempt} was called before it was due`)]
    return []
  })
}

/** I8: the result that counts is that of the process which held the claim. */
async function checkFencing({ pool }: Read): Promise<Violation[]> {
  const rows = await pool.query<{ execution: string; what: string }>(
    `select m.execution_id as execution,
       m.run || '#' || m.attempt || ' by process ' || m.output_pid || ', claimed by ' || coalesce(p.pid::text, 'nobody') as what
     from public.marks m join public.leases l on l.execution_id = m.execution_id and l.run = m.run
       and l.attempt = m.attempt and l.kind = 'run' and l.op = 'delete'
     left join (select distinct id, pid from public.members) p on p.id = l.was_claimed_by
     where m.ended and m.status = 'completed' and m.output_pid is not null and p.pid is distinct from m.output_pid`,
  )
  return rows.map(({ execution, what }) => violation('I8', execution, `a stale result was taken: ${what}`))
}
