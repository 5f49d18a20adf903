// The pages people open of a long history: every filter of the list, alone and in pairs, at several depths.
import { encodeCursor } from '../../src/store/cursor.ts'
import type { Pool } from '../../src/store/db.ts'
import { workflowKey } from './seed.ts'

export type Query = Record<string, string | number | boolean>
export interface PageGroup {
  name: string
  queries: Query[]
}

const common = workflowKey(0)
const usual = workflowKey(20)
const rare = workflowKey(47)
/** Has not run for four weeks. */
const former = workflowKey(48)
const workflows = [common, workflowKey(3), usual, rare, former, 'unknown']
const starters = ['user-0', 'user-7', 'user-60', 'user-190', 'schedule:3', 'trigger:5', 'nobody']
const triggers = ['manual', 'api', 'cli', 'schedule', 'event', 'parent']
const statuses = ['queued', 'running', 'paused', 'completed', 'failed', 'error', 'canceled', 'rejected']
const several = ['failed,error,rejected', 'running,queued,paused', 'completed,canceled', 'canceled,rejected']
const texts = [
  'Restart',
  'hist-07',
  'payments',
  'pay',
  'pay-001',
  '01234',
  '777',
  'a',
  'zzzz',
  '123456',
  '.eu',
]

const each = <T>(key: string, values: readonly T[]): Query[] =>
  values.map((value) => ({ [key]: value }) as Query)
const pairs = (left: Query[], right: Query[]): Query[] =>
  left.flatMap((a) => right.map((b) => ({ ...a, ...b })))

const failures = each('status', ['failed', 'error', 'canceled', 'completed', 'failed,error,rejected'])
const someWorkflows = each('workflow', [common, usual, rare, former])
const someStarters = each('startedBy', ['user-0', 'user-60', 'user-190', 'schedule:3'])
const someTargets = each('target', ['host:0', 'host:1236', 'app_instance:2345', 'app_instance:17', 'host:x'])
const someTriggers = each('trigger', ['manual', 'cli', 'parent'])
const someTexts = each('q', ['Restart', 'pay-001', 'a', 'zzzz'])
const attention = each('attention', [true, false])
const test = each('test', [true, false])
const kinds = each('kind', ['main', 'sub'])
const origins: Query[] = [...each('schedule', ['3', '17', '99']), ...each('batch', ['0', '25', '49', '7000'])]
const needsMe = each('needsMe', [true])

export async function pageGroups(pool: Pool, seeded: number): Promise<PageGroup[]> {
  const [range] = await pool.query<{ first: string; last: string }>(
    `select min(created_at)::text as first, max(created_at)::text as last from fermata.executions where id <= $1`,
    [seeded],
  )
  const times = timeRanges(new Date(range?.first ?? 0).getTime(), new Date(range?.last ?? 0).getTime())
  const groups: Record<string, Query[]> = {
    'no filter': [{}],
    status: each('status', [...statuses, ...several]),
    workflow: each('workflow', workflows),
    'workflow + version': pairs(someWorkflows, each('version', [1, 2, 5, 9])),
    target: someTargets,
    'started by': each('startedBy', starters),
    trigger: each('trigger', triggers),
    'time range': times,
    attention: [...attention, ...pairs(attention, someWorkflows)],
    'needs me': [...needsMe, ...pairs(needsMe, [...someWorkflows, ...failures, ...kinds, ...someTexts])],
    kind: [
      ...kinds,
      ...pairs(kinds, [...failures, ...someStarters, ...someTriggers, ...someTexts, ...times]),
    ],
    'schedule or batch': [...origins, ...pairs(origins, [...failures, ...kinds, ...someTriggers, ...times])],
    test: [...test, ...pairs(test, someWorkflows)],
    text: each('q', texts),
    'status + workflow': pairs(failures, someWorkflows),
    'status + started by': pairs(failures, someStarters),
    'status + trigger': pairs(failures, someTriggers),
    'status + target': pairs(failures, someTargets),
    'status + time range': pairs(failures, times),
    'workflow + started by': pairs(someWorkflows, someStarters),
    'workflow + trigger': pairs(someWorkflows, someTriggers),
    'workflow + target': pairs(someWorkflows, someTargets),
    'workflow + time range': pairs(someWorkflows, times),
    'started by + trigger': pairs(someStarters, someTriggers),
    'started by + time range': pairs(someStarters, times),
    'trigger + time range': pairs(someTriggers, times),
    'text + status': pairs(someTexts, failures),
    'text + workflow': pairs(someTexts, someWorkflows),
    'text + time range': pairs(someTexts, times),
  }
  return Object.entries(groups).map(([name, queries]) => ({ name, queries }))
}

const iso = (ms: number): string => new Date(ms).toISOString()
const hour = 3_600_000
const day = 24 * hour

function timeRanges(first: number, last: number): Query[] {
  return [
    { from: iso(last - hour) },
    { from: iso(last - 7 * day) },
    { to: iso(first + 2 * day) },
    { from: iso(first + 10 * day), to: iso(first + 11 * day) },
    { from: iso(last + 40 * day) },
  ]
}

/** First page, then pages that lie as deep as a share of the whole history. */
export async function depths(pool: Pool, seeded: number): Promise<(string | undefined)[]> {
  const rows = await pool.query<{ at: string; id: string }>(
    `select (min(created_at) + (max(created_at) - min(created_at)) * share)::text as at, 0 as id
     from fermata.executions, unnest(array[0.97, 0.5, 0.03]) as share where id <= $1 group by share`,
    [seeded],
  )
  return [undefined, ...rows.map(({ at, id }) => encodeCursor(at, id))]
}
