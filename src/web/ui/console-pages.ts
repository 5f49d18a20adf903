// The pages of the console in the order of the rail: the rail, `g` and a letter, and the palette lead to them.
import {
  CalendarClock,
  ChartColumn,
  Database,
  Home,
  Inbox,
  ListTree,
  type LucideIcon,
  Play,
  Server,
  Workflow,
} from 'lucide-react'
import type { ShortcutId } from '../shortcuts/shortcuts.ts'

interface ConsolePage {
  to: string
  icon: LucideIcon
  /** Key of its name. */
  text: string
  go: ShortcutId
  /** Shown to those who have it. */
  permission?: string
}

export const consolePages = [
  { to: '/', icon: Home, text: 'nav.home', go: 'goHome' },
  { to: '/run', icon: Play, text: 'nav.run', go: 'goRun' },
  { to: '/executions', icon: ListTree, text: 'nav.executions', go: 'goExecutions' },
  { to: '/schedules', icon: CalendarClock, text: 'nav.schedules', go: 'goSchedules' },
  { to: '/reports', icon: ChartColumn, text: 'nav.reports', go: 'goReports' },
  { to: '/tasks', icon: Inbox, text: 'nav.tasks', go: 'goTasks' },
  { to: '/workflows', icon: Workflow, text: 'nav.workflows', go: 'goWorkflows' },
  { to: '/data', icon: Database, text: 'nav.data', go: 'goData' },
  { to: '/admin', icon: Server, text: 'nav.admin', go: 'goAdmin', permission: 'system.view' },
] as const satisfies readonly ConsolePage[]

export const pagesFor = (permissions: readonly string[]) =>
  consolePages.filter((page) => !('permission' in page) || permissions.includes(page.permission))
