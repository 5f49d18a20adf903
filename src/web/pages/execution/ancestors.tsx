import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ExecutionSummary } from '../../../api/contract/executions.ts'
import { surroundingsQuery } from '../../data/queries.ts'

/** The way here from the outermost execution, each with the node run that started the next. */
export function Ancestors({ execution }: { execution: ExecutionSummary }) {
  const { t } = useTranslation()
  const { data } = useQuery(surroundingsQuery(execution.id))
  if (!execution.parent) return <p className="f-ancestors f-quiet">{t('execution.parentUnseen')}</p>
  if (!data || data.ancestors.length === 0) return null
  return (
    <nav className="f-ancestors" aria-label={t('execution.parents')}>
      <ol className="f-crumbs">
        {data.ancestors.map(({ id, workflowTitle, run }) => (
          <li key={id}>
            <Link to="/executions/$id" params={{ id }} search={{ run }}>
              {workflowTitle} #{id}
            </Link>{' '}
            <code className="f-quiet">{run}</code>
          </li>
        ))}
        <li>
          <span aria-current="page">{execution.workflowTitle}</span>
        </li>
      </ol>
    </nav>
  )
}
