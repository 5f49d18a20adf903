import Type, { type Static } from 'typebox'
import { executionStatuses } from '../../core/statuses.ts'
import { reasonOf } from './reasons.ts'
import { defineRoute } from './route.ts'
import {
  BigId,
  CollectionKey,
  Cursor,
  JsonMap,
  LabeledRecord,
  Limit,
  page,
  RecordId,
  strict,
  Time,
  Why,
  WorkflowKey,
} from './shapes.ts'

export const mostTargets = 5000
export const batchStates = ['running', 'paused', 'stopped', 'completed'] as const
export const batchActs = ['pause', 'resume', 'stop', 'retry'] as const
/** Of a target: nothing was started yet, nothing could be started, or how its execution stands. */
export const targetStatuses = ['not-started', 'refused', ...executionStatuses] as const

export const Batch = Type.Object({
  id: Type.String(),
  workflow: Type.String(),
  workflowTitle: Type.String(),
  version: Type.Integer(),
  collection: Type.String(),
  inputs: JsonMap,
  conditions: Type.Array(Type.String()),
  /** So many executions are under way at most. */
  parallel: Type.Integer(),
  stopCount: Type.Optional(Type.Integer()),
  stopPercent: Type.Optional(Type.Integer()),
  state: Type.Enum([...batchStates]),
  /** `failures`: its stop rule stopped it; else what a person said. */
  reason: Type.Optional(Type.String()),
  owner: Type.String(),
  createdAt: Time,
  /** Nothing of it is under way, and nothing more is started. */
  endedAt: Type.Optional(Time),
  /** Targets by status; those the caller may not see are not counted. */
  counts: Type.Partial(Type.Record(Type.Enum([...targetStatuses]), Type.Integer())),
  /** Of those under way: held by a failed node, or by a risk to be confirmed. */
  attention: Type.Integer(),
  /**
   * Of those under way: not held themselves, but nothing goes on in them before a person answers a task of theirs or of
   * their sub-workflows, or frees a sub-workflow that is held.
   */
  asks: Type.Integer(),
  /** What the caller may do with it now. */
  acts: Type.Array(Type.Enum([...batchActs])),
})
export type Batch = Static<typeof Batch>

export const BatchTarget = Type.Object({
  /** From 1, in the order in which they are started. */
  position: Type.Integer(),
  id: Type.String(),
  label: Type.String(),
  status: Type.Enum([...targetStatuses]),
  waiting: Type.Optional(Type.Boolean()),
  attention: Type.Optional(Type.Boolean()),
  /** It waits for a person: a task of it or of its sub-workflows, or what holds one of these. */
  asks: Type.Optional(Type.Boolean()),
  /** The latest, when it was started several times. */
  execution: Type.Optional(Type.String()),
  /** From 1; grows with each retry that starts a new execution. */
  attempt: Type.Integer(),
  /** Why nothing could be started. */
  reason: Type.Optional(Type.String()),
  why: Type.Optional(Why),
})
export type BatchTarget = Static<typeof BatchTarget>

const Version = Type.Integer({ minimum: 1, maximum: 2147483647 })
/** Paths from the target: each must lead on to at least one record, `[status = 'running'].host[zone = 'eu']`. */
const Conditions = Type.Array(Type.String({ minLength: 1, maxLength: 4000 }), { maxItems: 20 })
const byBatch = Type.Object({ id: BigId }, strict)

export const searchTargets = defineRoute({
  method: 'POST',
  path: '/api/v1/batches/search',
  permission: 'execution.start',
  object: { grant: 'run', of: 'body' },
  summary: 'Records a workflow may be run on that fit conditions on any step of a path; nothing is started',
  body: Type.Object(
    {
      workflow: WorkflowKey,
      /** Default: the published version. */
      version: Type.Optional(Version),
      conditions: Type.Optional(Conditions),
      q: Type.Optional(Type.String({ maxLength: 200 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: mostTargets })),
    },
    strict,
  ),
  answer: Type.Object({
    collection: CollectionKey,
    items: Type.Array(LabeledRecord),
    /** There are more than `limit`. */
    truncated: Type.Boolean(),
  }),
})

export const createBatch = defineRoute({
  method: 'POST',
  path: '/api/v1/batches',
  permission: 'execution.start',
  object: { grant: 'run', of: 'body' },
  summary: 'Run a workflow on many records',
  body: Type.Object(
    {
      workflow: WorkflowKey,
      version: Type.Optional(Version),
      /** Ids of records of the workflow's target collection, in the order in which they are started. */
      targets: Type.Array(RecordId, { minItems: 1, maxItems: mostTargets }),
      inputs: Type.Optional(JsonMap),
      /** How they were found; kept for people to read. */
      conditions: Type.Optional(Conditions),
      /** Default 10. */
      parallel: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      /** Starts no more once more than so many have failed. */
      stopCount: Type.Optional(Type.Integer({ minimum: 0, maximum: mostTargets })),
      /** Starts no more once more than so many of a hundred targets have failed. */
      stopPercent: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
      /** A second batch of mine with the same key is the first one. */
      dedupKey: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    },
    strict,
  ),
  answer: Batch,
  status: 201,
})

export const listBatches = defineRoute({
  method: 'GET',
  path: '/api/v1/batches',
  permission: 'execution.view',
  summary: 'Batches of workflows I may see, newest first',
  query: Type.Object(
    {
      workflow: Type.Optional(WorkflowKey),
      state: Type.Optional(Type.Enum([...batchStates])),
      cursor: Type.Optional(Cursor),
      limit: Type.Optional(Limit),
    },
    strict,
  ),
  answer: page(Batch),
})

export const getBatch = defineRoute({
  method: 'GET',
  path: '/api/v1/batches/:id',
  permission: 'execution.view',
  object: { batch: 'view' },
  summary: 'One batch with the counts of its targets',
  params: byBatch,
  answer: Batch,
})

export const listBatchTargets = defineRoute({
  method: 'GET',
  path: '/api/v1/batches/:id/targets',
  permission: 'execution.view',
  object: { batch: 'view' },
  summary: 'Its targets in the order in which they are started',
  params: byBatch,
  query: Type.Object(
    {
      /** One or several, comma separated. */
      status: Type.Optional(Type.String({ maxLength: 200 })),
      /** Part of the label. */
      q: Type.Optional(Type.String({ maxLength: 200 })),
      /** Only what is under way or may have changed since then: `at` of the answer before. */
      since: Type.Optional(Time),
      cursor: Type.Optional(Cursor),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: mostTargets })),
    },
    strict,
  ),
  answer: Type.Object({
    items: Type.Array(BatchTarget),
    next: Type.Optional(Type.String()),
    /** When this was read, by the clock of the database. */
    at: Time,
  }),
})

const act = (name: (typeof batchActs)[number], permission: 'execution.act' | 'execution.start') => ({
  method: 'POST' as const,
  path: `/api/v1/batches/:id/${name}` as const,
  permission,
  object: { batch: 'run' as const },
  params: byBatch,
  answer: Batch,
})

export const pauseBatch = defineRoute({
  ...act('pause', 'execution.act'),
  summary: 'Start no more of it for now; what is under way goes on',
  body: Type.Object({ reason: reasonOf('pause') }, strict),
})
export const resumeBatch = defineRoute({
  ...act('resume', 'execution.start'),
  summary: 'Go on after a pause or a stop; failures so far no longer count for its stop rule',
  body: Type.Object({ reason: reasonOf('resume') }, strict),
})
export const stopBatch = defineRoute({
  ...act('stop', 'execution.act'),
  summary: 'Start no more of it, and if asked terminate what is under way',
  body: Type.Object({ reason: reasonOf('stop'), terminate: Type.Optional(Type.Boolean()) }, strict),
})
/** Those that ended get a new execution; those held by a failed node go on from there. */
export const retryBatch = defineRoute({
  ...act('retry', 'execution.start'),
  summary: 'Run those again that failed, were canceled or refused',
  body: Type.Object({ reason: reasonOf('retry') }, strict),
})
