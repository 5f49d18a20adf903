import Type, { type Static } from 'typebox'
import { Title } from '../../core/collections.ts'
import { WorkflowDocument } from '../../core/document.ts'
import { defineRoute } from './route.ts'
import {
  CollectionKey,
  Cursor,
  JsonMap,
  Limit,
  Nothing,
  Problem,
  page,
  strict,
  Time,
  WorkflowKey,
} from './shapes.ts'

export const Workflow = Type.Object({
  key: Type.String(),
  title: Type.String(),
  description: Type.Optional(Type.String()),
  kind: Type.Enum(['main', 'sub']),
  targetCollection: Type.Optional(Type.String()),
  /** Which records of it: CEL over `record`. */
  targetFilter: Type.Optional(Type.String()),
  /** `draft`: never published; `disabled`: may not be started. */
  state: Type.Enum(['draft', 'published', 'disabled']),
  /** Number of the published version. */
  published: Type.Optional(Type.Integer()),
  /** Number of the draft, when there are unpublished changes. */
  draft: Type.Optional(Type.Integer()),
  createdBy: Type.String(),
  createdAt: Time,
  updatedBy: Type.String(),
  updatedAt: Time,
  /** Titles of the roles that may manage it. */
  owners: Type.Array(Type.String()),
  /** Starred by the caller. */
  favourite: Type.Boolean(),
  /** What the caller may do with it. */
  grants: Type.Array(Type.Enum(['view', 'run', 'manage'])),
})
export type Workflow = Static<typeof Workflow>

export const VersionSummary = Type.Object({
  workflow: Type.String(),
  version: Type.Integer(),
  state: Type.Enum(['draft', 'published', 'retired']),
  note: Type.Optional(Type.String()),
  createdBy: Type.String(),
  createdAt: Time,
  updatedAt: Time,
  publishedBy: Type.Optional(Type.String()),
  publishedAt: Type.Optional(Time),
})
export type VersionSummary = Static<typeof VersionSummary>

export const Version = Type.Object({ ...VersionSummary.properties, document: WorkflowDocument })
export type Version = Static<typeof Version>

/** With the document of the published version, or of the draft when nothing is published. */
export const WorkflowDetail = Type.Object({
  ...Workflow.properties,
  version: Type.Integer(),
  document: WorkflowDocument,
})
export type WorkflowDetail = Static<typeof WorkflowDetail>

const byKey = Type.Object({ key: WorkflowKey }, strict)

const filters = {
  kind: Type.Optional(Type.Enum(['main', 'sub'])),
  state: Type.Optional(Type.Enum(['draft', 'published', 'disabled'])),
  q: Type.Optional(Type.String({ maxLength: 200 })),
  /** Only those the caller has starred. */
  favourite: Type.Optional(Type.Boolean()),
  target: Type.Optional(CollectionKey),
  /** Who created it, or title of a role that may manage it. */
  owner: Type.Optional(Type.String({ maxLength: 200 })),
  updatedAfter: Type.Optional(Time),
  updatedBefore: Type.Optional(Time),
}

export const listWorkflows = defineRoute({
  method: 'GET',
  path: '/api/v1/workflows',
  permission: 'workflow.list',
  summary: 'Workflows I may see',
  query: Type.Object(
    {
      ...filters,
      /** Only those on which the caller holds this grant. */
      grant: Type.Optional(Type.Enum(['view', 'run', 'manage'])),
      /** Only those this role of the caller may run. */
      role: Type.Optional(Type.String({ maxLength: 63 })),
      cursor: Type.Optional(Cursor),
      limit: Type.Optional(Limit),
    },
    strict,
  ),
  answer: page(Workflow),
})

/** The cards of the run page, and what its filters offer. */
export const RunGroups = Type.Object({
  items: Type.Array(Type.Object({ role: Type.String(), title: Type.String(), count: Type.Integer() })),
  /** Collections of targets, whatever the filter. */
  targets: Type.Array(Type.Object({ key: Type.String(), title: Title })),
  owners: Type.Array(Type.String()),
})
export type RunGroups = Static<typeof RunGroups>

export const listRunGroups = defineRoute({
  method: 'GET',
  path: '/api/v1/run-groups',
  permission: 'workflow.list',
  summary: 'The roles of mine that let me run workflows, and how many each',
  query: Type.Object(filters, strict),
  answer: RunGroups,
})

export const getWorkflow = defineRoute({
  method: 'GET',
  path: '/api/v1/workflows/:key',
  permission: 'workflow.list',
  object: { grant: 'view', of: 'workflow' },
  summary: 'One workflow with its document',
  params: byKey,
  answer: WorkflowDetail,
})

/**
 * Creates the workflow if it is new. The body may also be the document as YAML (`application/yaml`).
 * A draft may break the rules of the graph: those problems are answered, not refused.
 */
export const saveDraft = defineRoute({
  method: 'PUT',
  path: '/api/v1/workflows/:key/draft',
  permission: 'workflow.manage',
  object: { grant: 'manage', of: 'workflow', orNew: true },
  summary: 'Save the draft',
  params: byKey,
  body: Type.Object({ document: JsonMap, note: Type.Optional(Type.String({ maxLength: 2000 })) }, strict),
  answer: Type.Object({ version: VersionSummary, problems: Type.Array(Problem) }),
})

export const publishWorkflow = defineRoute({
  method: 'POST',
  path: '/api/v1/workflows/:key/publish',
  permission: 'workflow.manage',
  object: { grant: 'manage', of: 'workflow' },
  summary: 'Publish the draft; refused with all problems when it could not run',
  params: byKey,
  body: Type.Object({ note: Type.Optional(Type.String({ maxLength: 2000 })) }, strict),
  answer: VersionSummary,
})

const switchRoute = (act: 'enable' | 'disable', summary: string) =>
  defineRoute({
    method: 'POST',
    path: `/api/v1/workflows/:key/${act}`,
    permission: 'workflow.manage',
    object: { grant: 'manage', of: 'workflow' },
    summary,
    params: byKey,
    body: Type.Object({}, strict),
    answer: Workflow,
  })

export const disableWorkflow = switchRoute('disable', 'No further execution may be started')
export const enableWorkflow = switchRoute('enable', 'Executions may be started again')

const favouriteRoute = (method: 'PUT' | 'DELETE', summary: string) =>
  defineRoute({
    method,
    path: '/api/v1/workflows/:key/favourite',
    permission: 'workflow.list',
    object: { grant: 'view', of: 'workflow' },
    summary,
    params: byKey,
    answer: Nothing,
  })

export const addFavourite = favouriteRoute('PUT', 'Star a workflow: one star for all of its versions')
export const removeFavourite = favouriteRoute('DELETE', 'Take the star off a workflow')

export const listVersions = defineRoute({
  method: 'GET',
  path: '/api/v1/workflows/:key/versions',
  permission: 'workflow.list',
  object: { grant: 'view', of: 'workflow' },
  summary: 'All versions, newest first',
  params: byKey,
  answer: page(VersionSummary),
})

export const getVersion = defineRoute({
  method: 'GET',
  path: '/api/v1/workflows/:key/versions/:version',
  permission: 'workflow.list',
  object: { grant: 'view', of: 'workflow' },
  summary: 'One version with its document',
  params: Type.Object(
    { key: WorkflowKey, version: Type.Integer({ minimum: 1, maximum: 2147483647 }) },
    strict,
  ),
  answer: Version,
})
