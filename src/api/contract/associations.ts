import Type, { type Static } from 'typebox'
import { Title } from '../../core/collections.ts'
import { byExecution } from './executions.ts'
import { defineRoute } from './route.ts'

/** Every record any path touches, the intermediate ones too. */
export const AssociationGraph = Type.Object({
  /** Key of the target; absent without one, and when it is gone or may not be seen. */
  root: Type.Optional(Type.String()),
  nodes: Type.Array(
    Type.Object({
      /** `collection:id`, unique in this graph. */
      key: Type.String(),
      collection: Type.String(),
      id: Type.String(),
      label: Type.String(),
      /** Ids of the workflow's nodes that are bound to this record. */
      boundBy: Type.Array(Type.String()),
    }),
  ),
  edges: Type.Array(Type.Object({ from: Type.String(), to: Type.String(), relation: Type.String() })),
  /** Titles of the collections in this graph. */
  collections: Type.Array(Type.Object({ key: Type.String(), title: Title })),
  /** There was more than can be drawn. */
  truncated: Type.Boolean(),
})
export type AssociationGraph = Static<typeof AssociationGraph>

/** Records the caller may not see are absent, whoever started the execution. */
export const getAssociations = defineRoute({
  method: 'GET',
  path: '/api/v1/executions/:id/associations',
  permission: 'execution.view',
  object: { grant: 'view', of: 'execution' },
  summary: 'The records an execution works on and those in between, from its target on',
  params: byExecution,
  answer: AssociationGraph,
})
