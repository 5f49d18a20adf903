// How executions and nodes did over a time: by when the executions were created, tests of drafts left out.
import Type, { type Static } from 'typebox'
import { defineRoute } from './route.ts'
import { Name, strict, Time, WorkflowKey } from './shapes.ts'

export const Figures = Type.Object({
  /** Executions; of nodes: node runs, however often they were tried. */
  runs: Type.Integer(),
  /** Of nodes: attempts after the first. */
  retries: Type.Integer(),
  completed: Type.Integer(),
  /** Failed, ended by an error, or timed out; of nodes each attempt counts. */
  failed: Type.Integer(),
  rejected: Type.Integer(),
  canceled: Type.Integer(),
  skipped: Type.Integer(),
  /** Not ended. */
  live: Type.Integer(),
  /** Completed of those that ended by themselves, 0 to 1; absent: none has. */
  success: Type.Optional(Type.Number()),
  /** Milliseconds from start to end of those that completed: half, and 95 in 100, took no longer. */
  p50: Type.Optional(Type.Integer()),
  p95: Type.Optional(Type.Integer()),
})
export type Figures = Static<typeof Figures>

/** Default: the last 7 days. At most 400 days. */
const time = { from: Type.Optional(Time), to: Type.Optional(Time) }
const scope = {
  ...time,
  workflow: Type.Optional(WorkflowKey),
  /** A node of this workflow. */
  node: Type.Optional(Name),
  nodeType: Type.Optional(Name),
}

export const WorkflowFigures = Type.Object({
  workflow: Type.String(),
  title: Type.String(),
  ...Figures.properties,
})
export type WorkflowFigures = Static<typeof WorkflowFigures>

export const reportWorkflows = defineRoute({
  method: 'GET',
  path: '/api/v1/reports/workflows',
  permission: 'execution.view',
  summary: 'How the executions of each workflow did, those with most executions first',
  query: Type.Object({ ...time, workflow: Type.Optional(WorkflowKey) }, strict),
  answer: Type.Object({ items: Type.Array(WorkflowFigures) }),
})

export const NodeFigures = Type.Object({
  node: Type.String(),
  title: Type.String(),
  type: Type.Optional(Type.String()),
  ...Figures.properties,
})
export type NodeFigures = Static<typeof NodeFigures>

/** Where a node works on records, each record counts. */
export const reportNodes = defineRoute({
  method: 'GET',
  path: '/api/v1/reports/workflows/:key/nodes',
  permission: 'execution.view',
  object: { grant: 'view', of: 'workflow' },
  summary: 'How the nodes of a workflow did, those with most runs first',
  params: Type.Object({ key: WorkflowKey }, strict),
  query: Type.Object(time, strict),
  answer: Type.Object({ items: Type.Array(NodeFigures) }),
})

export const NodeTypeFigures = Type.Object({
  /** Absent: the version that ran is gone. */
  type: Type.Optional(Type.String()),
  ...Figures.properties,
})
export type NodeTypeFigures = Static<typeof NodeTypeFigures>

export const reportNodeTypes = defineRoute({
  method: 'GET',
  path: '/api/v1/reports/node-types',
  permission: 'execution.view',
  summary: 'How the nodes of each type did, those with most runs first',
  query: Type.Object({ ...time, workflow: Type.Optional(WorkflowKey) }, strict),
  answer: Type.Object({ items: Type.Array(NodeTypeFigures) }),
})

export const TimelinePart = Type.Object({ from: Time, to: Time, ...Figures.properties })
export type TimelinePart = Static<typeof TimelinePart>

/** With a node or a node type its runs are counted, else executions. */
export const reportTimeline = defineRoute({
  method: 'GET',
  path: '/api/v1/reports/timeline',
  permission: 'execution.view',
  summary: 'How executions or nodes did over time: by hours up to three days, else by days',
  query: Type.Object(
    {
      ...scope,
      /** IANA name: where a day begins; default UTC. */
      timeZone: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    },
    strict,
  ),
  answer: Type.Object({ unit: Type.Enum(['hour', 'day']), total: Figures, items: Type.Array(TimelinePart) }),
})

const failure = {
  workflow: Type.String(),
  workflowTitle: Type.String(),
  /** Absent: the execution failed without any node of its own having failed. */
  node: Type.Optional(Type.String()),
  nodeTitle: Type.Optional(Type.String()),
  code: Type.Optional(Type.String()),
  /** Of the latest one; those that differ in numbers and quoted names only are counted together. */
  message: Type.Optional(Type.String()),
  count: Type.Integer(),
  lastExecution: Type.String(),
  lastAt: Time,
}

export const FailureFigures = Type.Object({
  ...failure,
  /** In so many executions. */
  executions: Type.Integer(),
})
export type FailureFigures = Static<typeof FailureFigures>

export const reportFailures = defineRoute({
  method: 'GET',
  path: '/api/v1/reports/failures',
  permission: 'execution.view',
  summary: 'Failures by workflow, node and error, the most frequent first; at most 100',
  query: Type.Object(scope, strict),
  answer: Type.Object({ items: Type.Array(FailureFigures) }),
})

export const RecentFailure = Type.Object({
  ...failure,
  /** Executions among them that wait for an operator. */
  held: Type.Integer(),
})
export type RecentFailure = Static<typeof RecentFailure>

export const recentFailures = defineRoute({
  method: 'GET',
  path: '/api/v1/reports/recent-failures',
  permission: 'execution.view',
  summary:
    'What ended badly or was held within the last day, by workflow, node and error, the latest first; at most 50',
  answer: Type.Object({ items: Type.Array(RecentFailure) }),
})
