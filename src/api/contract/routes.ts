// The whole table: whatever the server answers is in here.
import * as associations from './associations.ts'
import * as batches from './batches.ts'
import * as collections from './collections.ts'
import * as demo from './demo.ts'
import * as executionLists from './execution-lists.ts'
import * as executions from './executions.ts'
import * as health from './health.ts'
import * as knownHosts from './known-hosts.ts'
import * as live from './live.ts'
import * as nodeRuns from './node-runs.ts'
import * as nodeTypes from './node-types.ts'
import * as previews from './previews.ts'
import * as records from './records.ts'
import * as reports from './reports.ts'
import type { Route } from './route.ts'
import * as savedViews from './saved-views.ts'
import * as schedules from './schedules.ts'
import * as secrets from './secrets.ts'
import * as session from './session.ts'
import * as system from './system.ts'
import * as tasks from './tasks.ts'
import * as tokens from './tokens.ts'
import * as users from './users.ts'
import * as workflows from './workflows.ts'

const isRoute = (value: unknown): value is Route =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'answer' in value

/** Routes by the name of their resource. */
export const resources = {
  session,
  workflows,
  'node-types': nodeTypes,
  collections,
  records,
  previews,
  executions: { ...executions, ...executionLists },
  associations,
  'node-runs': nodeRuns,
  live,
  views: savedViews,
  tasks,
  schedules,
  reports,
  batches,
  users,
  tokens,
  system,
  secrets,
  'known-hosts': knownHosts,
  demo,
  health,
}

/** Every route with the name of its resource. */
export const routes: readonly { resource: string; name: string; route: Route }[] = Object.entries(
  resources,
).flatMap(([resource, members]) =>
  Object.entries(members).flatMap(([name, member]) =>
    isRoute(member) ? [{ resource, name, route: member }] : [],
  ),
)
