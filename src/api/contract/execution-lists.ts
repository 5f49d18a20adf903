// What is done with many executions at once: acts on those that were ticked, and how the last day went.
import Type, { type Static } from 'typebox'
import { ExecutionSummary, executionActs, executionFilters } from './executions.ts'
import { defineRoute } from './route.ts'
import { BigId, ProblemAnswer, Reason, strict, Time } from './shapes.ts'

/** What became of one of many. */
export const ActResult = Type.Object({
  id: Type.String(),
  done: Type.Boolean(),
  /** As it is afterwards; absent where it may not be seen. */
  execution: Type.Optional(ExecutionSummary),
  /** Why it was not done. */
  problem: Type.Optional(ProblemAnswer),
})
export type ActResult = Static<typeof ActResult>

/** Each is judged by its own grant and status; some may succeed while others do not. */
export const actOnExecutions = defineRoute({
  method: 'POST',
  path: '/api/v1/executions/acts',
  permission: 'execution.act',
  summary: 'Pause, resume, terminate (say why) or retry many executions, with a result for each',
  body: Type.Object(
    {
      act: Type.Enum([...executionActs]),
      ids: Type.Array(BigId, { minItems: 1, maxItems: 200 }),
      reason: Type.Optional(Reason),
    },
    strict,
  ),
  answer: Type.Object({ items: Type.Array(ActResult) }),
})

/** Half an hour of the last day. */
export const StripPart = Type.Object({
  from: Time,
  to: Time,
  completed: Type.Integer(),
  /** Failed, ended by an error, or rejected. */
  failed: Type.Integer(),
  canceled: Type.Integer(),
  /** Not ended. */
  live: Type.Integer(),
  /** There were more than are counted. */
  more: Type.Boolean(),
})
export type StripPart = Static<typeof StripPart>

/** Those of the list; the time is that of the strip. */
const { from: _from, to: _to, ...filters } = executionFilters

export const getStrip = defineRoute({
  method: 'GET',
  path: '/api/v1/executions/strip',
  permission: 'execution.view',
  summary: 'Executions created in each half hour of the last 24 hours',
  query: Type.Object(filters, strict),
  answer: Type.Object({ items: Type.Array(StripPart) }),
})
