// The bars this project has set itself, in the order of the table at the end of `bench -- all`.

export interface Bar {
  /** The row of the table that it is part of. */
  measure: string
  what: string
  unit?: string
  atLeast?: number
  atMost?: number
  /** The workload that measures it. */
  workload: string
}

const inline = { measure: 'W10 inline', workload: 'w10', unit: '×' }
const effects = { measure: 'W10, ten committed effects', workload: 'w10', unit: '×' }
const alone = { measure: 'the same, one alone', workload: 'w10', unit: '×' }
const peer = { workload: 'peers' }
const list = { measure: 'list and search at 1,000,000 executions', workload: 'history', unit: 'ms' }
const recovery = { measure: 'kill -9 with 1,000 executions', workload: 'crash' }
const web = { measure: 'console in a browser', workload: 'web' }
const many = { measure: 'console in a browser', workload: 'web-many' }
const smooth = { unit: 'frames/s', atLeast: 50 }
const processes = { measure: 'processes at the same total load', workload: 'scale', unit: '×' }

const table = {
  'inline.bare': { ...inline, what: 'executions/s to the bare loop', atLeast: 0.7 },
  'inline.dbos': { ...inline, ...peer, what: 'executions/s to DBOS (D2)', atLeast: 30 },
  'inline.restate': { ...inline, ...peer, what: 'executions/s to Restate (D2)', atLeast: 30 },
  'effects.bare': { ...effects, what: 'node runs/s to the bare loop', atLeast: 0.5 },
  'effects.dbos': { ...effects, ...peer, what: 'node runs/s to DBOS', atLeast: 5 },
  'effects.restate': { ...effects, ...peer, what: 'node runs/s to Restate', atLeast: 5 },
  'alone.commit': { ...alone, what: 'p50 per node run to round trip + commit', atMost: 1.3 },
  'alone.dbos': { ...alone, ...peer, what: 'p50 per node run to DBOS', atMost: 0.5 },
  'alone.restate': { ...alone, ...peer, what: 'p50 per node run to Restate', atMost: 0.5 },
  'start.rate': {
    measure: 'W1, start by HTTP',
    workload: 'w1',
    what: 'answered after the commit',
    unit: '/s',
    atLeast: 2000,
  },
  'inline.n8n': { measure: 'n8n, NocoBase', ...peer, what: 'executions/s to n8n', unit: '×', atLeast: 20 },
  'inline.nocobase': {
    measure: 'n8n, NocoBase',
    ...peer,
    what: 'executions/s to NocoBase',
    unit: '×',
    atLeast: 20,
  },
  'loop.growth': {
    measure: 'LOOP 10,000',
    workload: 'loop',
    what: 'time per item, end to start',
    unit: '×',
    atMost: 1.2,
  },
  'loop.snapshot': {
    measure: 'LOOP 10,000',
    workload: 'loop',
    what: 'largest snapshot',
    unit: 'B',
    atMost: 8191,
  },
  'fan.time': { measure: 'FAN 1,000 + join', workload: 'fan', what: 'start to end', unit: 's', atMost: 0.5 },
  'wait.memory': {
    measure: 'WAIT 10,000',
    workload: 'wait',
    what: 'memory per waiting execution',
    unit: 'B',
    atMost: 1024,
  },
  'wait.woken': { measure: 'WAIT 10,000', workload: 'wait', what: 'all woken', unit: 's', atMost: 5 },
  'history.page': { ...list, what: 'any page, p95', atMost: 20 },
  'history.filter': { ...list, what: 'any indexed filter, p95', atMost: 20 },
  'history.open': { ...list, what: 'open an execution of 1,000 node runs', atMost: 100 },
  'retention.longest': {
    measure: 'retention of 1,000,000 executions',
    workload: 'retention',
    what: 'longest transaction',
    unit: 's',
    atMost: 2,
  },
  'storage.bytes': {
    measure: 'storage',
    workload: 'storage',
    what: 'per node run beyond its output',
    unit: 'B',
    atMost: 400,
  },
  'storage.wal': {
    measure: 'storage',
    workload: 'storage',
    what: 'WAL to row bytes',
    unit: '×',
    atMost: 2.5,
  },
  'ready.time': {
    measure: 'start',
    workload: 'start',
    what: 'ready with an existing database',
    unit: 's',
    atMost: 2,
  },
  'idle.memory': {
    measure: 'start',
    workload: 'start',
    what: 'idle, with the embedded server',
    unit: 'MB',
    atMost: 200,
  },
  'idle.cpu': { measure: 'start', workload: 'start', what: 'idle, 10,000 waiting', unit: '% CPU', atMost: 1 },
  'scale.two': { ...processes, what: '2 processes to 1', atLeast: 0.9 },
  'scale.four': { ...processes, what: '4 processes to 1', atLeast: 0.9 },
  'crash.moving': { ...recovery, what: 'all move again, beyond claim expiry', unit: 's', atMost: 1 },
  'crash.lost': { ...recovery, what: 'executions lost', atMost: 0 },
  'crash.repeated': { ...recovery, what: 'effects repeated that were not in flight', atMost: 0 },
  'web.first': { ...web, what: 'first load, gzip', unit: 'KB', atMost: 350 },
  'web.open': { ...web, what: '500 nodes, navigation to graph', unit: 's', atMost: 1.5 },
  'web.pan': { ...web, what: '500 nodes panned', unit: 'frames/s', atLeast: 50 },
  'web.live': { ...web, what: 'main thread busy, 100 updates/s', unit: '%', atMost: 50 },
  'web.batch': { ...many, what: 'a batch of 2,000 targets scrolled while it runs', ...smooth },
  'web.batch.table': { ...many, what: 'the same as a table', ...smooth },
  'web.batch.busy': { ...many, what: 'main thread busy while it runs', unit: '%', atMost: 50 },
  'web.records': { ...many, what: 'a preview of 1,000 records panned', ...smooth },
} as const satisfies Record<string, Bar>

export type BarId = keyof typeof table

export const bars: Readonly<Record<BarId, Bar>> = table

export function isMet({ atLeast, atMost }: Bar, value: number): boolean {
  return value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value <= (atMost ?? Number.POSITIVE_INFINITY)
}
