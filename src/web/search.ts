// Search parameters of the pages. What is not understood is dropped, never refused.
import { executionStatuses } from '../core/statuses.ts'

type Raw = Record<string, unknown>

/** The router reads `?q=12` as a number: a text it stays for us. */
function text(raw: Raw, name: string): string | undefined {
  const value = raw[name]
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A whole number: as such it stands bare in the address. */
function count(raw: Raw, name: string): number | undefined {
  const value = text(raw, name)
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined
}

/** The number of something, as text. */
function number(raw: Raw, name: string): string | undefined {
  const value = text(raw, name)
  return value !== undefined && /^\d{1,18}$/.test(value) ? value : undefined
}

/** As the server takes it. */
function time(raw: Raw, name: string): string | undefined {
  const at = Date.parse(text(raw, name) ?? '')
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

/** Those that exist, comma separated. */
function statuses(raw: Raw): string | undefined {
  const known = (text(raw, 'status') ?? '').split(',').filter((one) => isExecutionStatus(one))
  return known.length > 0 ? known.join(',') : undefined
}
const isExecutionStatus = (name: string) => executionStatuses.some((status) => status === name)

/** A whole number. */
function whole(raw: Raw, name: string): number | undefined {
  const value = Number(raw[name])
  return Number.isInteger(value) && value > 0 && value < 2 ** 31 ? value : undefined
}

function choice<const T extends string>(raw: Raw, name: string, options: readonly T[]): T | undefined {
  return options.find((option) => option === raw[name])
}

/** Leaves out what is undefined, so that it does not show in the URL. */
type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }
function present<T extends Raw>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>
}

/** A page is given what its reader understands, and nothing else: the router hands on the rest of the address too. */
export const only =
  <T extends object>(read: (raw: Raw) => T) =>
  (raw: Raw): T => ({
    ...Object.fromEntries(Object.keys(raw).map((name) => [name, undefined])),
    ...read(raw),
  })

export const workflowKinds = ['main', 'sub'] as const
export const readWorkflowsSearch = (raw: Raw) =>
  present({ kind: choice(raw, 'kind', workflowKinds), q: text(raw, 'q') })

export const runPeriods = ['3m', '6m', '1y', 'custom'] as const
export const readRunSearch = (raw: Raw) =>
  present({
    kind: choice(raw, 'kind', workflowKinds),
    q: text(raw, 'q'),
    favourite: choice(raw, 'favourite', ['yes']),
    /** Key of a collection. */
    target: text(raw, 'target'),
    owner: text(raw, 'owner'),
    updated: choice(raw, 'updated', runPeriods),
    from: text(raw, 'from'),
    to: text(raw, 'to'),
  })
export type RunSearch = ReturnType<typeof readRunSearch>

export const readPreviewSearch = (raw: Raw) =>
  present({
    target: text(raw, 'target'),
    version: whole(raw, 'version'),
    /** An execution it begins as: with its inputs, and the records it worked on. */
    like: count(raw, 'like'),
  })

export const periods = ['1h', '24h', '3d', '7d', '30d'] as const
export type Period = (typeof periods)[number]
export const readExecutionsSearch = (raw: Raw) =>
  present({
    kind: choice(raw, 'kind', workflowKinds),
    status: statuses(raw),
    workflow: text(raw, 'workflow'),
    version: number(raw, 'version'),
    target: text(raw, 'target'),
    startedBy: text(raw, 'startedBy'),
    trigger: text(raw, 'trigger'),
    schedule: number(raw, 'schedule'),
    batch: number(raw, 'batch'),
    parent: number(raw, 'parent'),
    parentRun: text(raw, 'parentRun'),
    failedNode: text(raw, 'failedNode'),
    period: choice(raw, 'period', periods),
    /** ISO 8601; instead of a period. */
    from: time(raw, 'from'),
    to: time(raw, 'to'),
    q: text(raw, 'q'),
    attention: choice(raw, 'attention', ['yes']),
    needs: choice(raw, 'needs', ['me']),
    test: choice(raw, 'test', ['yes', 'no']),
  })
export type ExecutionsSearch = ReturnType<typeof readExecutionsSearch>

export const executionTabs = ['graph', 'timeline', 'table', 'log'] as const
export const inspectorTabs = ['error', 'child', 'objects', 'input', 'output', 'log', 'settings'] as const
/** What stands in the graph tab: the nodes, the records they work on, or both. */
export const graphSides = ['nodes', 'both', 'records'] as const
export type InspectorTab = (typeof inspectorTabs)[number]
export const readExecutionSearch = (raw: Raw) =>
  present({
    tab: choice(raw, 'tab', executionTabs),
    /** Id of the selected node run, or of a node that has not started. */
    run: text(raw, 'run'),
    attempt: count(raw, 'attempt'),
    view: choice(raw, 'view', inspectorTabs),
    /** Line of the log. */
    line: count(raw, 'line'),
    /** The moment shown, in ms since the start. */
    t: count(raw, 't'),
    side: choice(raw, 'side', graphSides),
  })

export const taskBoxes = ['mine', 'all', 'done'] as const
export const readTasksSearch = (raw: Raw) =>
  present({ box: choice(raw, 'box', taskBoxes), task: text(raw, 'task') })

export const scheduleStates = ['active', 'paused'] as const
export const scheduleModes = ['hourly', 'daily', 'weekly', 'monthly', 'cron'] as const
export const readSchedulesSearch = (raw: Raw) =>
  present({
    view: choice(raw, 'view', ['history']),
    state: choice(raw, 'state', scheduleStates),
    mode: choice(raw, 'mode', scheduleModes),
    workflow: text(raw, 'workflow'),
    mine: choice(raw, 'mine', ['yes']),
    /** Made within, fires within. */
    created: choice(raw, 'created', periods),
    fires: choice(raw, 'fires', periods),
    q: text(raw, 'q'),
    /** Id of the one that is open. */
    schedule: text(raw, 'schedule'),
    /** A new one is being made: from this execution, or `new`. */
    from: text(raw, 'from'),
    /** Of the history: how they stand, and which schedule started them. */
    status: text(raw, 'status'),
    of: text(raw, 'of'),
    period: choice(raw, 'period', periods),
  })
export type SchedulesSearch = ReturnType<typeof readSchedulesSearch>

export const reportPeriods = ['24h', '7d', '30d', '90d'] as const
export const reportTabs = ['workflows', 'nodes', 'types', 'failures'] as const
export const readReportsSearch = (raw: Raw) =>
  present({
    period: choice(raw, 'period', reportPeriods),
    from: time(raw, 'from'),
    to: time(raw, 'to'),
    workflow: text(raw, 'workflow'),
    /** A node of this workflow, or a node type: what the charts are about. */
    node: text(raw, 'node'),
    nodeType: text(raw, 'nodeType'),
    tab: choice(raw, 'tab', reportTabs),
  })
export type ReportPeriod = (typeof reportPeriods)[number]
export type ReportsSearch = ReturnType<typeof readReportsSearch>

export const readDataSearch = (raw: Raw) =>
  present({ collection: text(raw, 'collection'), q: text(raw, 'q'), record: text(raw, 'record') })

export const batchStateFilters = ['all', 'running', 'paused', 'stopped', 'completed'] as const
export const readBatchesSearch = (raw: Raw) =>
  present({ batchState: choice(raw, 'batchState', ['running', 'paused', 'stopped', 'completed']) })

export const batchFilters = [
  'all',
  'not-started',
  'live',
  'attention',
  'asks',
  'completed',
  'failed',
  'canceled',
] as const
export type BatchFilter = (typeof batchFilters)[number]
export const readBatchSearch = (raw: Raw) =>
  present({ show: choice(raw, 'show', batchFilters), look: choice(raw, 'look', ['table']) })
/** `where`: the conditions, as JSON. */
export const readManySearch = (raw: Raw) => present({ q: text(raw, 'q'), where: text(raw, 'where') })
