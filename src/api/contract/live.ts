// Server-sent events. Each message has `event: change` or `event: end`, `id: <seq>` and JSON data.
import Type, { type Static } from 'typebox'
import { executionStatuses } from '../../core/statuses.ts'
import { byExecution, ExecutionHead } from './executions.ts'
import { NodeRun } from './node-runs.ts'
import { defineRoute } from './route.ts'
import { strict, Time } from './shapes.ts'

/** Data of `change` and `end` of one execution: the head now, and the node runs changed since the id before. */
export const ExecutionChange = Type.Object({ execution: ExecutionHead, runs: Type.Array(NodeRun) })
export type ExecutionChange = Static<typeof ExecutionChange>

/** Data of `change` of the list: which executions changed. */
export const ListChange = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      workflow: Type.String(),
      status: Type.Enum([...executionStatuses]),
      waiting: Type.Boolean(),
      attention: Type.Boolean(),
      startedAt: Type.Optional(Time),
      endedAt: Type.Optional(Time),
      seq: Type.Integer(),
    }),
  ),
})
export type ListChange = Static<typeof ListChange>

/**
 * Resumable: `Last-Event-ID` (or `?since=`) is the seq already seen; 0 sends everything. Ends with `event: end`
 * once the execution has ended; with `?stay=true` it goes on, for somebody may reopen it. Every few seconds comes
 * `event: beat`: who hears none is cut off.
 */
export const executionEvents = defineRoute({
  method: 'GET',
  path: '/api/v1/executions/:id/events',
  permission: 'execution.view',
  object: { grant: 'view', of: 'execution' },
  summary: 'Follow one execution',
  params: byExecution,
  query: Type.Object(
    {
      since: Type.Optional(Type.Integer({ minimum: 0, maximum: 2147483647 })),
      stay: Type.Optional(Type.Boolean()),
    },
    strict,
  ),
  answer: ExecutionChange,
  media: 'event-stream',
})

export const listEvents = defineRoute({
  method: 'GET',
  path: '/api/v1/executions/events',
  permission: 'execution.view',
  summary: 'Follow the list of executions',
  answer: ListChange,
  media: 'event-stream',
})
