import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { ListTree, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Task } from '../../../api/contract/tasks.ts'
import { isJsonObject } from '../../../core/json.ts'
import { taskQuery } from '../../data/queries.ts'
import { JsonTree } from '../../ui/json-tree.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { RelativeTime } from '../../ui/times.tsx'
import { TaskAnswer } from './task-answer.tsx'

interface PanelProps {
  id: string
  onClose: () => void
}

export function TaskPanel({ id, onClose }: PanelProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const query = useQuery(taskQuery(id))
  const onAnswered = (task: Task) => {
    queries.setQueryData(taskQuery(id).queryKey, task)
    void queries.invalidateQueries({ queryKey: ['tasks'] })
  }
  return (
    <aside className="f-beside-panel" aria-label={t('tasks.one')}>
      <Loaded query={query}>
        {() => query.data && <OpenTask task={query.data} onClose={onClose} onAnswered={onAnswered} />}
      </Loaded>
    </aside>
  )
}

interface OpenProps {
  task: Task
  onClose: () => void
  onAnswered: (task: Task) => void
}

function OpenTask({ task, onClose, onAnswered }: OpenProps) {
  const { t } = useTranslation()
  return (
    <>
      <div className="f-row">
        <h2 className="f-grow">{task.title}</h2>
        <Button type="text" icon={<X size={16} />} aria-label={t('common.close')} onClick={onClose} />
      </div>
      {task.description && <p className="f-task-text">{task.description}</p>}
      <TaskFacts task={task} />
      {task.status === 'open' ? (
        <TaskAnswer task={task} onAnswered={onAnswered} />
      ) : (
        <TaskResult task={task} />
      )}
    </>
  )
}

function TaskFacts({ task }: { task: Task }) {
  const { t } = useTranslation()
  const nameOf = (assignee: string) =>
    assignee.startsWith('role:') ? t('tasks.role', { name: assignee.slice(5) }) : assignee
  return (
    <dl className="f-facts">
      <dt>{t('executions.workflow')}</dt>
      <dd>
        {task.execution === undefined ? (
          task.workflowTitle
        ) : (
          <Link to="/executions/$id" params={{ id: task.execution }} search={{ run: task.run }}>
            {task.workflowTitle} #{task.execution}
          </Link>
        )}
      </dd>
      {task.target && (
        <>
          <dt>{t('executions.target')}</dt>
          <dd>{task.target.label}</dd>
        </>
      )}
      <dt>{t('executions.startedBy')}</dt>
      <dd>{task.startedBy}</dd>
      <dt>{t('tasks.since')}</dt>
      <dd>
        <RelativeTime at={task.createdAt} />
      </dd>
      {task.dueAt && (
        <>
          <dt>{t('tasks.due')}</dt>
          <dd>
            <RelativeTime at={task.dueAt} />
          </dd>
        </>
      )}
      <dt>{t('tasks.assignees')}</dt>
      <dd>{task.assignees.length > 0 ? task.assignees.map(nameOf).join(', ') : t('tasks.anybody')}</dd>
    </dl>
  )
}

function TaskResult({ task }: { task: Task }) {
  const { t } = useTranslation()
  return (
    <section className="f-section">
      <div className="f-row">
        <h3>{t(task.status === 'done' ? 'tasks.doneBy' : 'tasks.canceled', { name: task.endedBy ?? '' })}</h3>
        <span className="f-quiet">
          <RelativeTime at={task.endedAt} />
        </span>
      </div>
      {task.answer !== undefined && (task.kind === 'approval' ? <Decision {...task} /> : <Given {...task} />)}
      {task.execution !== undefined && (
        <div>
          <LinkButton
            to="/executions/$id"
            params={{ id: task.execution }}
            primary
            icon={<ListTree size={14} />}
          >
            {t('tasks.open')}
          </LinkButton>
        </div>
      )}
    </section>
  )
}

/** Approved or rejected, with what was said about it. */
function Decision({ answer }: Pick<Task, 'answer'>) {
  const { t } = useTranslation()
  const { port, comment } = isJsonObject(answer) ? answer : {}
  const isApproved = port === 'approve'
  return (
    <>
      <StatusBadge
        status={isApproved ? 'completed' : 'rejected'}
        word={t(isApproved ? 'tasks.answers.approve' : 'tasks.answers.reject')}
      />
      {typeof comment === 'string' && <p className="f-task-text">“{comment}”</p>}
    </>
  )
}

const Given = ({ id, answer }: Pick<Task, 'id' | 'answer'>) => (
  <JsonTree value={answer ?? null} name={`task-${id}`} />
)
