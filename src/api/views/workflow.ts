// Workflows and versions as the API answers them.
import type { VersionRow } from '../../store/versions.ts'
import { workflowState } from '../../store/workflows.ts'
import type { SeenWorkflow } from '../../store/workflows-list.ts'
import type { Grant } from '../contract/route.ts'
import type { VersionSummary, Workflow } from '../contract/workflows.ts'
import { iso, isoOrNull, present } from './present.ts'

export function workflowView(row: SeenWorkflow, grants: readonly Grant[]): Workflow {
  return present({
    key: row.key,
    title: row.title,
    description: row.description,
    kind: row.kind,
    targetCollection: row.targetCollection,
    targetFilter: row.targetFilter,
    state: workflowState(row),
    published: row.published,
    draft: row.draft,
    createdBy: row.createdBy,
    createdAt: iso(row.createdAt),
    updatedBy: row.updatedBy,
    updatedAt: iso(row.updatedAt),
    owners: row.owners,
    favourite: row.favourite,
    grants: [...grants],
  })
}

export function versionView(row: VersionRow): VersionSummary {
  return present({
    workflow: row.workflow,
    version: row.version,
    state: row.state,
    note: row.note,
    createdBy: row.createdBy,
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
    publishedBy: row.publishedBy,
    publishedAt: isoOrNull(row.publishedAt),
  })
}
