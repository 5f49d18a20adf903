import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { ListTree } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type ExecutionFilter, executionsQuery } from '../../data/queries.ts'
import { useListEvents } from '../../data/use-list-events.ts'
import type { ExecutionsSearch } from '../../search.ts'
import { useShowLive } from '../../ui/live-mark.ts'
import { LoadMore } from '../../ui/load-more.tsx'
import { EmptyState, Loaded } from '../../ui/messages.tsx'
import { ExecutionTable } from './execution-table.tsx'
import { Filters } from './filters.tsx'
import { sinceOf } from './since.ts'

function filterOf({ period, attention, ...search }: ExecutionsSearch): ExecutionFilter {
  return {
    ...search,
    ...(period ? { from: sinceOf(period) } : {}),
    ...(attention ? { attention: true } : {}),
  }
}

export function Executions() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/executions/' })
  const navigate = useNavigate({ from: '/executions' })
  const query = useInfiniteQuery(executionsQuery(filterOf(search)))
  const live = useListEvents()
  useShowLive(live)
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const isFiltered = Object.keys(search).length > 0
  return (
    <div className="f-page">
      <Filters search={search} onChange={(next) => void navigate({ search: next, replace: true })} />
      <div className="f-panel" aria-busy={query.isPlaceholderData}>
        <Loaded query={query}>
          {() =>
            rows.length > 0 ? (
              <ExecutionTable rows={rows} label={t('nav.executions')} />
            ) : (
              <EmptyState
                icon={ListTree}
                title={t(isFiltered ? 'executions.noneMatch' : 'executions.none')}
                text={t(isFiltered ? 'executions.noneMatchText' : 'executions.noneText')}
                action={
                  isFiltered ? (
                    <Button onClick={() => void navigate({ search: {} })}>{t('executions.clear')}</Button>
                  ) : (
                    <Link to="/run">{t('executions.runOne')}</Link>
                  )
                }
              />
            )
          }
        </Loaded>
        <LoadMore query={query} />
      </div>
    </div>
  )
}
