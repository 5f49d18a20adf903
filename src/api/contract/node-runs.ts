import Type, { type Static } from 'typebox'
import { manualActs, runStatuses, shownWaitKinds, waitKinds } from '../../core/statuses.ts'
import { byExecution, ExecutionHead, StoredError } from './executions.ts'
import { reasonOf } from './reasons.ts'
import { defineRoute } from './route.ts'
import { BigId, JsonMap, JsonValue, LabeledRecord, RecordId, strict, Text, Time } from './shapes.ts'

export const runActs = ['retry', 'skip', 'complete', 'choose', 'rebind', 'confirm'] as const
export type RunAct = (typeof runActs)[number]

export const NodeRun = Type.Object({
  /** `restart`, `restart[host-3]`, `each[41]/restart`; unique in its execution. */
  id: Type.String(),
  node: Type.String(),
  /** The node's type. */
  type: Type.String(),
  /** The iteration it belongs to, e.g. `each[41]`; empty at the root. */
  scope: Type.String(),
  /** The bound record it works on. */
  record: Type.Optional(Type.String()),
  attempt: Type.Integer(),
  status: Type.Enum([...runStatuses]),
  /** How a person ended or moved it: who, when, why. */
  manual: Type.Optional(
    Type.Object({
      act: Type.Enum([...manualActs]),
      by: Type.String(),
      at: Type.Optional(Time),
      reason: Type.Optional(Type.String()),
    }),
  ),
  wait: Type.Optional(
    Type.Object({
      for: Type.Enum([...shownWaitKinds]),
      /** With `time`: when it ends. */
      until: Type.Optional(Time),
      task: Type.Optional(Type.String()),
      child: Type.Optional(Type.String()),
      key: Type.Optional(Type.String()),
      /** With `worker`: the tag a process must have to run the effect. */
      tag: Type.Optional(Type.String()),
      /** No process with the tag is running. */
      noWorker: Type.Optional(Type.Boolean()),
      /** With a choice: the ports to choose from. */
      options: Type.Optional(Type.Array(Type.String())),
    }),
  ),
  /** What was found dangerous before the effect began; it has not begun in this attempt. */
  risks: Type.Optional(
    Type.Array(
      Type.Object({ rule: Type.String(), message: Text, found: Type.String(), line: Type.Integer() }),
    ),
  ),
  /** Of an attempt that is over: what it waited for. */
  waited: Type.Optional(Type.Enum([...waitKinds])),
  /** It was confirmed before, but what would run has changed since. */
  risksChanged: Type.Optional(Type.Boolean()),
  input: Type.Optional(JsonValue),
  output: Type.Optional(JsonValue),
  error: Type.Optional(StoredError),
  startedAt: Type.Optional(Time),
  endedAt: Type.Optional(Time),
  worker: Type.Optional(Type.String()),
  /** What the caller may do with it now; only the last attempt has any. */
  acts: Type.Array(Type.Enum([...runActs])),
})
export type NodeRun = Static<typeof NodeRun>

export const LogLine = Type.Object({
  line: Type.Integer(),
  at: Time,
  level: Type.String(),
  text: Type.String(),
})
export type LogLine = Static<typeof LogLine>

/** Records a bound node works on in this execution. */
export const Binding = Type.Object({
  run: Type.String(),
  collection: Type.String(),
  mode: Type.String(),
  records: Type.Array(Type.Object({ id: Type.String(), label: Type.String() })),
})
export type Binding = Static<typeof Binding>

/** In a URL a run id is percent-encoded, its `/` too. */
const RunId = Type.String({ minLength: 1, maxLength: 1000 })
const byRun = Type.Object({ id: BigId, run: RunId }, strict)

export const listNodeRuns = defineRoute({
  method: 'GET',
  path: '/api/v1/executions/:id/node-runs',
  permission: 'execution.view',
  object: { grant: 'view', of: 'execution' },
  summary: 'Node runs, every attempt, in order of their start',
  params: byExecution,
  query: Type.Object(
    {
      node: Type.Optional(Type.String({ maxLength: 100 })),
      /** Only the last attempt of each run. */
      last: Type.Optional(Type.Boolean()),
      cursor: Type.Optional(Type.String({ maxLength: 1200 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2000 })),
    },
    strict,
  ),
  answer: Type.Object({ items: Type.Array(NodeRun), next: Type.Optional(Type.String()) }),
})

export const listLogs = defineRoute({
  method: 'GET',
  path: '/api/v1/executions/:id/node-runs/:run/logs',
  permission: 'execution.view',
  object: { grant: 'view', of: 'execution' },
  summary: 'Log lines of a node run',
  params: byRun,
  query: Type.Object(
    {
      attempt: Type.Optional(Type.Integer({ minimum: 0, maximum: 32767 })),
      /** Only lines after this one. */
      after: Type.Optional(Type.Integer({ minimum: -1, maximum: 2147483647 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000 })),
    },
    strict,
  ),
  answer: Type.Object({ items: Type.Array(LogLine) }),
})

export const listBindings = defineRoute({
  method: 'GET',
  path: '/api/v1/executions/:id/bindings',
  permission: 'execution.view',
  object: { grant: 'view', of: 'execution' },
  summary: 'The records each bound node works on',
  params: byExecution,
  answer: Type.Object({ items: Type.Array(Binding) }),
})

export const listCandidates = defineRoute({
  method: 'GET',
  path: '/api/v1/executions/:id/node-runs/:run/candidates',
  permission: 'execution.act',
  object: { grant: 'run', of: 'execution' },
  summary: 'The records a bound node may be given instead of those it has, of those one may see',
  params: byRun,
  answer: Type.Object({ items: Type.Array(LabeledRecord) }),
})

const attempt = Type.Optional(Type.Integer({ minimum: 0, maximum: 32767 }))

const actRoute = <const A extends RunAct, const B extends import('typebox').TSchema>(
  act: A,
  summary: string,
  body: B,
) =>
  defineRoute({
    method: 'POST',
    path: `/api/v1/executions/:id/node-runs/:run/${act}`,
    permission: 'execution.act',
    object: { grant: 'run', of: 'execution' },
    summary,
    params: byRun,
    body,
    answer: NodeRun,
  })

/** In every act `attempt` guards against a late click: a newer attempt refuses it. */
export const retryRun = actRoute(
  'retry',
  'Try again; of a bound node only the failed records, unless `records` names others',
  Type.Object(
    {
      reason: reasonOf('retry'),
      attempt,
      records: Type.Optional(Type.Array(RecordId, { maxItems: 10000 })),
      config: Type.Optional(JsonMap),
    },
    strict,
  ),
)
export const skipRun = actRoute(
  'skip',
  'Go on without it and say why, or cut a wait for time short',
  // Whether a wait is cut short is known only where it stands.
  Type.Object({ reason: reasonOf('cutShort'), attempt }, strict),
)
export const completeRun = actRoute(
  'complete',
  'Complete it by hand with this output',
  Type.Object(
    {
      reason: reasonOf('complete'),
      attempt,
      output: Type.Optional(JsonValue),
      port: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    },
    strict,
  ),
)
export const chooseRun = actRoute(
  'choose',
  'Take this branch of a decision that waits for a person',
  Type.Object(
    { reason: reasonOf('choose'), attempt, port: Type.String({ minLength: 1, maxLength: 64 }) },
    strict,
  ),
)
/** A node that has not started has no node run yet to answer with. */
export const rebindRun = defineRoute({
  method: 'POST',
  path: '/api/v1/executions/:id/node-runs/:run/rebind',
  permission: 'execution.act',
  object: { grant: 'run', of: 'execution' },
  summary:
    'Change the records of a node that failed, or that has not started: then `run` is the id of the node',
  params: byRun,
  body: Type.Object(
    { reason: reasonOf('rebind'), records: Type.Array(RecordId, { maxItems: 10000 }) },
    strict,
  ),
  answer: ExecutionHead,
})
export const confirmRun = actRoute(
  'confirm',
  'Run what was found risky; `attempt` is the one whose command was seen',
  Type.Object({ reason: reasonOf('confirm'), attempt: Type.Integer({ minimum: 0, maximum: 32767 }) }, strict),
)
