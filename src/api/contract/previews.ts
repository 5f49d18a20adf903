import Type, { type Static } from 'typebox'
import { Title } from '../../core/collections.ts'
import { bindModes, WorkflowDocument } from '../../core/document.ts'
import { AssociationGraph } from './associations.ts'
import { defineRoute } from './route.ts'
import { CollectionKey, LabeledRecord, Problem, RecordRef, strict, WorkflowKey } from './shapes.ts'

export const PreviewBinding = Type.Object({
  node: Type.String(),
  mode: Type.Enum([...bindModes]),
  /** Absent when the path is wrong: see `problem`. */
  collection: Type.Optional(Type.String()),
  records: Type.Array(LabeledRecord),
  /** The path leads to at most one record. */
  toOne: Type.Boolean(),
  problem: Type.Optional(Problem),
})
export type PreviewBinding = Static<typeof PreviewBinding>

export const Preview = Type.Object({
  workflow: Type.String(),
  version: Type.Integer(),
  /** The version was never published: running it is a test. */
  test: Type.Boolean(),
  document: WorkflowDocument,
  target: Type.Optional(Type.Object({ collection: Type.String(), id: Type.String(), label: Type.String() })),
  bindings: Type.Array(PreviewBinding),
  graph: AssociationGraph,
  /** Nodes with nothing bound, wrong paths and the like. */
  warnings: Type.Array(Problem),
  /** Different records that the bindings name. */
  touched: Type.Integer(),
})
export type Preview = Static<typeof Preview>

export const createPreview = defineRoute({
  method: 'POST',
  path: '/api/v1/previews',
  permission: 'execution.start',
  object: { grant: 'run', of: 'body' },
  summary: 'What an execution on this target would touch; nothing is started',
  body: Type.Object(
    {
      workflow: WorkflowKey,
      /** Default: the published version. */
      version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2147483647 })),
      target: Type.Optional(RecordRef),
    },
    strict,
  ),
  answer: Preview,
})

/** The target picker: records of the workflow's target collection that pass its filter and the caller's rights. */
export const listTargets = defineRoute({
  method: 'GET',
  path: '/api/v1/workflows/:key/targets',
  permission: 'execution.start',
  object: { grant: 'run', of: 'workflow' },
  summary: 'Records this workflow may be run on',
  params: Type.Object({ key: WorkflowKey }, strict),
  query: Type.Object(
    {
      q: Type.Optional(Type.String({ maxLength: 200 })),
      /** Default: the published version. */
      version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2147483647 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    },
    strict,
  ),
  answer: Type.Object({
    collection: Type.Optional(CollectionKey),
    /** Of the collection. */
    title: Type.Optional(Title),
    items: Type.Array(LabeledRecord),
  }),
})
