// What keys do on every page; the help for them is loaded when somebody asks.
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useDialogFocus } from '../ui/dialog-focus.ts'
import { useShortcutKeys, useShortcuts } from './listen.ts'
import { focusSearch, stepRow, tickRow } from './rows.ts'

const ShortcutHelp = lazy(() =>
  import('./shortcut-help.tsx').then((file) => ({ default: file.ShortcutHelp })),
)

interface KeysProps {
  help: boolean
  onHelp: (open: boolean) => void
}

export function ShortcutKeys({ help, onHelp }: KeysProps) {
  const navigate = useNavigate()
  useShortcutKeys()
  useDialogFocus()
  useShortcuts({
    help: () => onHelp(true),
    search: focusSearch,
    nextRow: () => stepRow(1),
    previousRow: () => stepRow(-1),
    tickRow,
    goHome: () => void navigate({ to: '/' }),
    goRun: () => void navigate({ to: '/run' }),
    goExecutions: () => void navigate({ to: '/executions' }),
    goSchedules: () => void navigate({ to: '/schedules' }),
    goReports: () => void navigate({ to: '/reports' }),
    goTasks: () => void navigate({ to: '/tasks' }),
    goWorkflows: () => void navigate({ to: '/workflows' }),
    goData: () => void navigate({ to: '/data' }),
    goAdmin: () => void navigate({ to: '/admin' }),
  })
  if (!help) return null
  return (
    <Suspense>
      <ShortcutHelp onClose={() => onHelp(false)} />
    </Suspense>
  )
}
