import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { CheckCheck, FileInput, type LucideIcon, Split } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Task } from '../../../api/contract/tasks.ts'
import type { taskBoxes } from '../../search.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { RelativeTime } from '../../ui/times.tsx'

type Box = (typeof taskBoxes)[number]

const kindIcons: Record<Task['kind'], LucideIcon> = { manual: FileInput, approval: CheckCheck, choice: Split }

interface TaskTableProps {
  rows: readonly Task[]
  box: Box | undefined
  /** Id of the task shown beside the table. */
  selected: string | undefined
}

const columns = (t: TFunction, box: Box | undefined): Column<Task>[] => [
  {
    key: 'title',
    title: t('tasks.title'),
    cell: (row) => <TaskLink task={row} box={box} />,
  },
  {
    key: 'workflow',
    title: t('executions.workflow'),
    cell: (row) => (
      <>
        {row.workflowTitle} {row.execution && <span className="f-quiet f-num">#{row.execution}</span>}
      </>
    ),
  },
  {
    key: 'target',
    title: t('executions.target'),
    cell: (row) => row.target?.label ?? <span className="f-quiet">–</span>,
  },
  { key: 'since', title: t('tasks.since'), width: 130, cell: (row) => <RelativeTime at={row.createdAt} /> },
  { key: 'due', title: t('tasks.due'), width: 130, cell: (row) => <RelativeTime at={row.dueAt} /> },
]

function TaskLink({ task, box }: { task: Task; box: Box | undefined }) {
  const { t } = useTranslation()
  const Icon = kindIcons[task.kind]
  return (
    <>
      <Icon size={16} role="img" aria-label={t(`tasks.kinds.${task.kind}`)} />{' '}
      <Link className="f-row-link" to="/tasks" search={{ ...(box ? { box } : {}), task: task.id }}>
        {task.title}
      </Link>
    </>
  )
}

export function TaskTable({ rows, box, selected }: TaskTableProps) {
  const { t } = useTranslation()
  return (
    <DataTable
      columns={columns(t, box)}
      rows={rows}
      rowKey={(row) => row.id}
      label={t('nav.tasks')}
      isSelected={(row) => row.id === selected}
    />
  )
}
