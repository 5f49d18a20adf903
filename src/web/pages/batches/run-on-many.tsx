// One workflow on many targets: search, tick, say how many at a time and when to stop, run.
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Alert, Input } from 'antd'
import { Target } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { searchTargets } from '../../../api/contract/batches.ts'
import type { RouteAnswer } from '../../../api/contract/route.ts'
import type { WorkflowDetail } from '../../../api/contract/workflows.ts'
import { ApiError } from '../../../client/api-error.ts'
import { batchSearchQuery } from '../../data/batch-queries.ts'
import { collectionsQuery, workflowQuery } from '../../data/queries.ts'
import { readManySearch } from '../../search.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorPanel, Loaded } from '../../ui/messages.tsx'
import { useTypedText } from '../../ui/use-typed-text.ts'
import { BatchForm } from './batch-form.tsx'
import { ConditionRows } from './condition-rows.tsx'
import { type Condition, printConditions, readConditions, stepsFrom, writeConditions } from './conditions.ts'
import { TargetTicks } from './target-ticks.tsx'
import './batches.css'

export function RunOnMany() {
  const { workflow: key } = useParams({ from: '/run/$workflow/many' })
  const workflow = useQuery(workflowQuery(key))
  return <Loaded query={workflow}>{() => workflow.data && <Many workflow={workflow.data} />}</Loaded>
}

function Many({ workflow }: { workflow: WorkflowDetail }) {
  const { t } = useTranslation()
  const collection = workflow.document.target?.collection
  return (
    <div className="f-page f-page-fill">
      <header className="f-head">
        <div className="f-grow">
          <h1>{t('batches.runMany', { title: workflow.title })}</h1>
          <p className="f-quiet">{t('batches.runManyText')}</p>
        </div>
        <Link to="/run/$workflow" params={{ workflow: workflow.key }}>
          {t('batches.runOne')}
        </Link>
      </header>
      {workflow.state === 'disabled' ? (
        <div className="f-many-search">
          <Alert type="info" showIcon title={t('preview.barred.disabled')} />
        </div>
      ) : collection === undefined ? (
        <EmptyState icon={Target} title={t('batches.noTarget')} text={t('batches.noTargetText')} />
      ) : (
        <Choosing workflow={workflow} collection={collection} />
      )}
    </div>
  )
}

function Choosing({ workflow, collection }: { workflow: WorkflowDetail; collection: string }) {
  const { t } = useTranslation()
  const { q, where } = useSearch({ from: '/run/$workflow/many' })
  const navigate = useNavigate({ from: '/run/$workflow/many' })
  const collections = useQuery(collectionsQuery)
  const steps = stepsFrom(collection, collections.data?.items ?? [])
  const conditions = readConditions(where)
  const paths = printConditions(conditions, steps)
  const found = useQuery({
    ...batchSearchQuery(workflow.key, { q, conditions: paths }),
    // Whoever may not see the collections can search by words.
    enabled: !collections.isPending,
  })
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const change = (part: { q?: string | undefined; where?: string | undefined }) =>
    void navigate({ search: (known) => readManySearch({ ...known, ...part }), replace: true })
  const items = found.data?.items ?? []
  const chosen = items.filter(({ id }) => ticked.has(id))
  if (isBarred(found.error))
    return (
      <div className="f-many-search">
        <ErrorPanel
          error={found.error}
          title={t('batches.notPossible')}
          onRetry={() => void found.refetch()}
        />
      </div>
    )
  return (
    <div className="f-many">
      <section className="f-many-search" aria-label={t('batches.targets')}>
        <SearchField q={q} onSearch={(text) => change({ q: text })} />
        {steps.length > 0 && (
          <ConditionRows
            steps={steps}
            conditions={conditions}
            onChange={(next: Condition[]) => change({ where: writeConditions(next) })}
          />
        )}
        <Found found={found} ticked={ticked} onTick={setTicked} />
      </section>
      <aside className="f-many-form" aria-label={t('batches.settings')}>
        <BatchForm workflow={workflow} targets={chosen.map(({ id }) => id)} conditions={paths} />
      </aside>
    </div>
  )
}

interface FoundProps {
  found: UseQueryResult<RouteAnswer<typeof searchTargets>>
  ticked: ReadonlySet<string>
  onTick: (ticked: ReadonlySet<string>) => void
}

function Found({ found, ...ticks }: FoundProps) {
  const { t } = useTranslation()
  if (found.error)
    return (
      <ErrorPanel error={found.error} title={t('batches.notSearched')} onRetry={() => void found.refetch()} />
    )
  const { items = [], truncated = false } = found.data ?? {}
  return (
    <Loaded query={found}>
      {() => <TargetTicks items={items} truncated={truncated} isBusy={found.isPlaceholderData} {...ticks} />}
    </Loaded>
  )
}

/** Whatever one searches for: it may not be run by this user, or by nobody now. */
function isBarred(error: unknown): boolean {
  return error instanceof ApiError && (error.problem.status === 403 || error.problem.status === 409)
}

function SearchField({ q, onSearch }: { q: string | undefined; onSearch: (q: string | undefined) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useTypedText(q ?? '', (text) => onSearch(text || undefined))
  return (
    <Input.Search
      allowClear
      value={typed}
      placeholder={t('batches.search')}
      aria-label={t('batches.search')}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}
