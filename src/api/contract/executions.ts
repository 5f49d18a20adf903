import Type, { type Static } from 'typebox'
import { WorkflowDocument } from '../../core/document.ts'
import { executionStatuses, failureKinds } from '../../core/statuses.ts'
import { reasonOf } from './reasons.ts'
import { defineRoute } from './route.ts'
import {
  BigId,
  Cursor,
  JsonMap,
  JsonValue,
  Limit,
  page,
  RecordId,
  RecordRef,
  strict,
  Time,
  WorkflowKey,
} from './shapes.ts'

/** What went wrong, as stored with a node run or an execution. */
export const StoredError = Type.Object({
  kind: Type.Enum([...failureKinds]),
  code: Type.String(),
  message: Type.String(),
  details: Type.Optional(JsonValue),
})
export type StoredError = Static<typeof StoredError>

export const ExecutionSummary = Type.Object({
  id: Type.String(),
  workflow: Type.String(),
  workflowTitle: Type.String(),
  version: Type.Integer(),
  status: Type.Enum([...executionStatuses]),
  /** Nothing executes: it waits for time, a person or an event. */
  waiting: Type.Boolean(),
  /** A failed node waits for the operator. */
  attention: Type.Boolean(),
  /** A draft is being tried. */
  test: Type.Boolean(),
  /** Why it was canceled: `terminated`, `timeout`, `parent-canceled`, `superseded`; or a person's words. */
  reason: Type.Optional(Type.String()),
  target: Type.Optional(Type.Object({ collection: Type.String(), id: Type.String(), label: Type.String() })),
  trigger: Type.String(),
  startedBy: Type.String(),
  parent: Type.Optional(Type.Object({ execution: Type.String(), run: Type.String() })),
  /** The schedule that started it. */
  schedule: Type.Optional(Type.String()),
  /** The batch it belongs to. */
  batch: Type.Optional(Type.String()),
  createdAt: Time,
  startedAt: Type.Optional(Time),
  endedAt: Type.Optional(Time),
  /** Grows with every change; the id of live events. */
  seq: Type.Integer(),
})
export type ExecutionSummary = Static<typeof ExecutionSummary>

export const executionActs = ['pause', 'resume', 'terminate', 'retry'] as const
/** `confirm` needs to be told what: it can be done to one execution, not to many. */
const offeredActs = [...executionActs, 'confirm'] as const

/** What changes while it runs; the `execution` of live events. */
export const ExecutionHead = Type.Object({
  ...ExecutionSummary.properties,
  /** What the caller may do now. */
  acts: Type.Array(Type.Enum([...offeredActs])),
  /** Ids of nodes no taken branch leads to any more. */
  notReached: Type.Array(Type.String()),
  /** Ids of nodes that have not started and whose records the caller may still change. */
  rebindable: Type.Array(Type.String()),
  output: Type.Optional(JsonValue),
  error: Type.Optional(StoredError),
})
export type ExecutionHead = Static<typeof ExecutionHead>

export const ExecutionDetail = Type.Object({
  ...ExecutionHead.properties,
  inputs: Type.Optional(JsonMap),
  /** The document of the version it runs. */
  document: WorkflowDocument,
})
export type ExecutionDetail = Static<typeof ExecutionDetail>

/** One thing a person did. */
export const ActEntry = Type.Object({
  act: Type.String(),
  run: Type.Optional(Type.String()),
  by: Type.String(),
  reason: Type.Optional(Type.String()),
  details: Type.Optional(JsonValue),
  at: Time,
})
export type ActEntry = Static<typeof ActEntry>

export const byExecution = Type.Object({ id: BigId }, strict)

export const startExecution = defineRoute({
  method: 'POST',
  path: '/api/v1/executions',
  permission: 'execution.start',
  object: { grant: 'run', of: 'body' },
  summary: 'Start an execution; with waitMs answer when it has ended or the time is over',
  body: Type.Object(
    {
      workflow: WorkflowKey,
      /** Default: the published version. Naming the draft makes it a test. */
      version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2147483647 })),
      target: Type.Optional(RecordRef),
      inputs: Type.Optional(JsonMap),
      /** Per node, the ids of the records to work on: those of the preview minus what was unchecked. */
      bindings: Type.Optional(Type.Record(Type.String(), Type.Array(RecordId, { maxItems: 10000 }))),
      trigger: Type.Optional(Type.Enum(['manual', 'api', 'cli'])),
      /** A second start with the same key answers the first execution. */
      dedupKey: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
      waitMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 60000 })),
    },
    strict,
  ),
  answer: ExecutionHead,
  status: 201,
})

/** One row of the list. */
export const ExecutionListItem = Type.Object({
  ...ExecutionSummary.properties,
  /** Of the execution it is a part of; absent where the caller may not see that workflow. */
  parentTitle: Type.Optional(Type.String()),
  /** Of the schedule that started it, also when that is deleted. */
  scheduleName: Type.Optional(Type.String()),
  /** The last thing a person did to it. */
  lastAct: Type.Optional(Type.Object({ act: Type.String(), by: Type.String(), at: Time })),
  /** The caller may pause, resume, terminate and retry it. */
  mayAct: Type.Boolean(),
})
export type ExecutionListItem = Static<typeof ExecutionListItem>

export const executionFilters = {
  /** One or several, comma separated. */
  status: Type.Optional(Type.String({ maxLength: 200 })),
  workflow: Type.Optional(Type.String({ maxLength: 63 })),
  version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2147483647 })),
  /** Of the workflow. */
  kind: Type.Optional(Type.Enum(['main', 'sub'])),
  /** `collection:id`. */
  target: Type.Optional(Type.String({ maxLength: 300 })),
  startedBy: Type.Optional(Type.String({ maxLength: 200 })),
  trigger: Type.Optional(Type.String({ maxLength: 50 })),
  /** Those in which an attempt of this node failed; name the workflow too. */
  failedNode: Type.Optional(Type.String({ maxLength: 200 })),
  /** Started by this schedule, or this batch. */
  schedule: Type.Optional(BigId),
  batch: Type.Optional(BigId),
  /** Created at or after, before. */
  from: Type.Optional(Time),
  to: Type.Optional(Time),
  /** Part of the workflow's title or key, the target's label, or an id. */
  q: Type.Optional(Type.String({ maxLength: 200 })),
  attention: Type.Optional(Type.Boolean()),
  /** A failed node, or an open task, waits for the caller. */
  needsMe: Type.Optional(Type.Boolean()),
  test: Type.Optional(Type.Boolean()),
  parent: Type.Optional(BigId),
  /** With `parent`: only what this node run of it started. */
  parentRun: Type.Optional(Type.String({ maxLength: 1000 })),
}

export const listExecutions = defineRoute({
  method: 'GET',
  path: '/api/v1/executions',
  permission: 'execution.view',
  summary: 'Executions of workflows I may see, newest first',
  query: Type.Object(
    { ...executionFilters, cursor: Type.Optional(Cursor), limit: Type.Optional(Limit) },
    strict,
  ),
  answer: page(ExecutionListItem),
})

/** Comma separated, UTF-8; texts that a spreadsheet would take for formulas begin with an apostrophe. */
export const exportExecutions = defineRoute({
  method: 'GET',
  path: '/api/v1/executions/export',
  permission: 'execution.view',
  summary: 'The whole list as CSV, newest first',
  query: Type.Object(executionFilters, strict),
  answer: Type.String(),
  media: 'csv',
})

export const getExecution = defineRoute({
  method: 'GET',
  path: '/api/v1/executions/:id',
  permission: 'execution.view',
  object: { grant: 'view', of: 'execution' },
  summary: 'One execution with its document',
  params: byExecution,
  answer: ExecutionDetail,
})

const actRoute = <const A extends (typeof executionActs)[number]>(act: A, summary: string) =>
  defineRoute({
    method: 'POST',
    path: `/api/v1/executions/:id/${act}`,
    permission: 'execution.act',
    object: { grant: 'run', of: 'execution' },
    summary,
    params: byExecution,
    body: Type.Object({ reason: reasonOf(act) }, strict),
    answer: ExecutionHead,
  })

export const pauseExecution = actRoute('pause', 'No new node run starts')
export const resumeExecution = actRoute('resume', 'Go on after a pause')
export const terminateExecution = actRoute('terminate', 'Stop it for good')
export const retryExecution = actRoute('retry', 'Retry every failed node run')

export const confirmRisks = defineRoute({
  method: 'POST',
  path: '/api/v1/executions/:id/confirm',
  permission: 'execution.act',
  object: { grant: 'run', of: 'execution' },
  summary: 'Run what was found risky: these node runs, each as it was seen in this attempt',
  params: byExecution,
  body: Type.Object(
    {
      reason: reasonOf('confirm'),
      runs: Type.Array(
        Type.Object(
          {
            run: Type.String({ minLength: 1, maxLength: 1000 }),
            attempt: Type.Integer({ minimum: 0, maximum: 32767 }),
          },
          strict,
        ),
        { minItems: 1, maxItems: 10_000 },
      ),
    },
    strict,
  ),
  answer: Type.Object({
    confirmed: Type.Array(Type.String()),
    /** Not risky any more, or what would run is not what was seen. */
    refused: Type.Array(Type.String()),
    execution: ExecutionHead,
  }),
})

export const listActs = defineRoute({
  method: 'GET',
  path: '/api/v1/executions/:id/acts',
  permission: 'execution.view',
  object: { grant: 'view', of: 'execution' },
  summary: 'What people did to it, oldest first',
  params: byExecution,
  answer: Type.Object({ items: Type.Array(ActEntry) }),
})

const Neighbour = Type.Object({
  id: Type.String(),
  status: Type.Enum([...executionStatuses]),
  createdAt: Time,
})

/** Where an execution stands among others. */
export const Surroundings = Type.Object({
  /** Who started it, the outermost first, each with the node run that did; only those one may see. */
  ancestors: Type.Array(
    Type.Object({
      id: Type.String(),
      workflow: Type.String(),
      workflowTitle: Type.String(),
      run: Type.String(),
    }),
  ),
  /** The executions of the same workflow started before and after it. */
  previous: Type.Optional(Neighbour),
  next: Type.Optional(Neighbour),
})
export type Surroundings = Static<typeof Surroundings>

export const getSurroundings = defineRoute({
  method: 'GET',
  path: '/api/v1/executions/:id/surroundings',
  permission: 'execution.view',
  object: { grant: 'view', of: 'execution' },
  summary: 'Its parents, and the executions of its workflow before and after it',
  params: byExecution,
  answer: Surroundings,
})
