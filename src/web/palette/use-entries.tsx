// What the palette offers: pages and acts at once, workflows and executions as the server finds them.
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { Play, Workflow as WorkflowIcon, Zap } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExecutionListItem } from '../../api/contract/executions.ts'
import type { Workflow } from '../../api/contract/workflows.ts'
import { isRefusal } from '../../client/api-error.ts'
import { foundExecutionsQuery, foundWorkflowsQuery } from '../data/list-queries.ts'
import { meQuery } from '../data/queries.ts'
import { Keys } from '../shortcuts/keys.tsx'
import { doShortcut, heardNow } from '../shortcuts/listen.ts'
import { shortcuts } from '../shortcuts/shortcuts.ts'
import { pagesFor } from '../ui/console-pages.ts'
import { StatusIcon } from '../ui/status-badge.tsx'
import { shownExecutionStatus } from '../ui/status-legend.ts'
import { RelativeTime } from '../ui/times.tsx'
import type { Rankable } from './rank.ts'

export interface Entry extends Rankable {
  /** Unique among all. */
  key: string
  icon: ReactNode
  /** Beside the title, quieter. */
  note?: string
  /** At the end of the line. */
  end: ReactNode
  open: () => void
}

type Navigate = ReturnType<typeof useNavigate>

/** `q`: what was typed, once the typing rests. */
export function useEntries(q: string): { entries: Entry[]; isFetching: boolean; error: unknown } {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const permissions = useQuery(meQuery).data?.permissions ?? []
  const text = q.trim()
  const number = text.replace(/^#/, '')
  const workflows = useQuery({ ...foundWorkflowsQuery(text), enabled: text !== '' && number === text })
  const executions = useQuery({ ...foundExecutionsQuery(number), enabled: number !== '' })
  const found = text === '' ? [] : (workflows.data?.items ?? [])
  const ran = text === '' ? [] : (executions.data?.items ?? [])
  return {
    entries: [
      ...pageEntries(t, navigate, permissions),
      ...actEntries(t),
      ...found.map((workflow) => workflowEntry(t, navigate, workflow)),
      ...ran.map((execution) => executionEntry(navigate, execution)),
    ],
    isFetching: workflows.isFetching || executions.isFetching,
    // Who may not see a list is not told of it.
    error: [workflows.error, executions.error].find((error) => error && !isRefusal(error)),
  }
}

const pageEntries = (t: TFunction, navigate: Navigate, permissions: readonly string[]): Entry[] =>
  pagesFor(permissions).map(({ to, icon: Icon, text, go }) => ({
    key: to,
    group: 'pages',
    title: t(text),
    icon: <Icon size={16} aria-hidden />,
    end: <Keys of={go} />,
    open: () => void navigate({ to }),
  }))

const actEntries = (t: TFunction): Entry[] =>
  heardNow()
    .filter((id) => shortcuts[id].group === 'execution')
    .map((id) => ({
      key: id,
      group: 'acts',
      title: t(`shortcuts.does.${id}`),
      icon: <Zap size={16} aria-hidden />,
      end: <Keys of={id} />,
      open: () => doShortcut(id),
    }))

function workflowEntry(t: TFunction, navigate: Navigate, workflow: Workflow): Entry {
  const { key, title, state, grants } = workflow
  const mayRun = state === 'published' && grants.includes('run')
  const Icon = mayRun ? Play : WorkflowIcon
  return {
    key: `workflow ${key}`,
    group: 'workflows',
    title,
    also: [key],
    note: key,
    icon: <Icon size={16} aria-hidden />,
    end: t(mayRun ? 'palette.run' : 'palette.look'),
    open: () =>
      void (mayRun
        ? navigate({ to: '/run/$workflow', params: { workflow: key } })
        : navigate({ to: '/workflows/$key', params: { key } })),
  }
}

function executionEntry(navigate: Navigate, execution: ExecutionListItem): Entry {
  const { id, workflow, workflowTitle, target } = execution
  return {
    key: `execution ${id}`,
    group: 'executions',
    title: workflowTitle,
    also: [`#${id}`, id, workflow, ...(target ? [target.label] : [])],
    note: target ? `#${id} · ${target.label}` : `#${id}`,
    icon: <StatusIcon status={shownExecutionStatus(execution)} />,
    end: <RelativeTime at={execution.startedAt ?? execution.createdAt} />,
    open: () => void navigate({ to: '/executions/$id', params: { id } }),
  }
}
