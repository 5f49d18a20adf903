// Every page has a URL; what a page shows is in its search parameters, typed here.
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
} from '@tanstack/react-router'
import { layoutWorker } from './canvas/layout-worker.ts'
import { nodeTypesQuery } from './data/queries.ts'
import { readAhead } from './data/read-execution.ts'
import {
  only,
  readBatchesSearch,
  readBatchSearch,
  readDataSearch,
  readExecutionSearch,
  readExecutionsSearch,
  readManySearch,
  readPreviewSearch,
  readReportsSearch,
  readRunSearch,
  readSchedulesSearch,
  readTasksSearch,
  readWorkflowsSearch,
} from './search.ts'
import { Shell } from './shell.tsx'
import { ErrorPanel, Loading } from './ui/messages.tsx'
import { NotFound } from './ui/not-found.tsx'

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Shell,
  notFoundComponent: () => <NotFound />,
})

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  staticData: { crumb: 'nav.home' },
  component: lazyRouteComponent(() => import('./pages/home/home.tsx'), 'Home'),
})

const runSection = createRoute({ getParentRoute: () => root, path: '/run', staticData: { crumb: 'nav.run' } })
const run = createRoute({
  getParentRoute: () => runSection,
  path: '/',
  validateSearch: only(readRunSearch),
  component: lazyRouteComponent(() => import('./pages/run/run.tsx'), 'Run'),
})
const preview = createRoute({
  getParentRoute: () => runSection,
  path: '$workflow',
  validateSearch: only(readPreviewSearch),
  component: lazyRouteComponent(() => import('./pages/preview/preview.tsx'), 'Preview'),
})

const many = createRoute({
  getParentRoute: () => runSection,
  path: '$workflow/many',
  staticData: { crumb: 'batches.many' },
  validateSearch: only(readManySearch),
  component: lazyRouteComponent(() => import('./pages/batches/run-on-many.tsx'), 'RunOnMany'),
})

const batchesSection = createRoute({
  getParentRoute: () => root,
  path: '/batches',
  staticData: { crumb: 'batches.title' },
})
const batches = createRoute({
  getParentRoute: () => batchesSection,
  path: '/',
  validateSearch: only(readBatchesSearch),
  component: lazyRouteComponent(() => import('./pages/batches/batches.tsx'), 'Batches'),
})
const batch = createRoute({
  getParentRoute: () => batchesSection,
  path: '$id',
  validateSearch: only(readBatchSearch),
  component: lazyRouteComponent(() => import('./pages/batches/batch.tsx'), 'BatchPage'),
})

const executionsSection = createRoute({
  getParentRoute: () => root,
  path: '/executions',
  staticData: { crumb: 'nav.executions' },
})
const executions = createRoute({
  getParentRoute: () => executionsSection,
  path: '/',
  validateSearch: only(readExecutionsSearch),
  component: lazyRouteComponent(() => import('./pages/executions/executions.tsx'), 'Executions'),
})
const execution = createRoute({
  getParentRoute: () => executionsSection,
  path: '$id',
  validateSearch: only(readExecutionSearch),
  // While its code is loaded. Not when somebody only points at a link.
  loader: ({ params, context, cause }) => {
    if (cause !== 'enter') return
    layoutWorker()
    readAhead(params.id)
    void context.queries.prefetchQuery(nodeTypesQuery)
  },
  component: lazyRouteComponent(() => import('./pages/execution/execution.tsx'), 'Execution'),
})

const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  staticData: { crumb: 'nav.tasks' },
  validateSearch: only(readTasksSearch),
  component: lazyRouteComponent(() => import('./pages/tasks/tasks.tsx'), 'Tasks'),
})

const schedules = createRoute({
  getParentRoute: () => root,
  path: '/schedules',
  staticData: { crumb: 'nav.schedules' },
  validateSearch: only(readSchedulesSearch),
  component: lazyRouteComponent(() => import('./pages/schedules/schedules.tsx'), 'Schedules'),
})

const reports = createRoute({
  getParentRoute: () => root,
  path: '/reports',
  staticData: { crumb: 'nav.reports' },
  validateSearch: only(readReportsSearch),
  component: lazyRouteComponent(() => import('./pages/reports/reports.tsx'), 'Reports'),
})

const workflowsSection = createRoute({
  getParentRoute: () => root,
  path: '/workflows',
  staticData: { crumb: 'nav.workflows' },
})
const workflows = createRoute({
  getParentRoute: () => workflowsSection,
  path: '/',
  validateSearch: only(readWorkflowsSearch),
  component: lazyRouteComponent(() => import('./pages/workflows/workflows.tsx'), 'Workflows'),
})
const workflow = createRoute({
  getParentRoute: () => workflowsSection,
  path: '$key',
  component: lazyRouteComponent(() => import('./pages/workflows/workflow.tsx'), 'WorkflowPage'),
})

const data = createRoute({
  getParentRoute: () => root,
  path: '/data',
  staticData: { crumb: 'nav.data' },
  validateSearch: only(readDataSearch),
  component: lazyRouteComponent(() => import('./pages/data/data.tsx'), 'Data'),
})

const adminSection = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  staticData: { crumb: 'nav.admin' },
})
const admin = createRoute({
  getParentRoute: () => adminSection,
  path: '/',
  component: () => <Navigate to="/admin/workers" replace />,
})
const workers = createRoute({
  getParentRoute: () => adminSection,
  path: 'workers',
  staticData: { crumb: 'admin.title' },
  component: lazyRouteComponent(() => import('./pages/admin/workers.tsx'), 'WorkersPage'),
})

const tree = root.addChildren([
  home,
  runSection.addChildren([run, preview, many]),
  executionsSection.addChildren([executions, execution]),
  batchesSection.addChildren([batches, batch]),
  schedules,
  reports,
  tasks,
  workflowsSection.addChildren([workflows, workflow]),
  data,
  adminSection.addChildren([admin, workers]),
])

export const createConsoleRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: 'intent',
    defaultPendingComponent: Loading,
    defaultErrorComponent: ({ error }) => (
      <ErrorPanel error={error} onRetry={() => window.location.reload()} />
    ),
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
}
