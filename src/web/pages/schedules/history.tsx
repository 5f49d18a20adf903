// Executions that schedules started: the list of executions with the name of the schedule, its ticks and its acts.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { CalendarClock } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExecutionListItem } from '../../../api/contract/executions.ts'
import { executionsQuery } from '../../data/queries.ts'
import { useListEvents } from '../../data/use-list-events.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { useShowLive } from '../../ui/live-mark.ts'
import { LoadMore } from '../../ui/load-more.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { BulkBar } from '../executions/bulk-bar.tsx'
import { type BulkAct, BulkDialog } from '../executions/bulk-dialog.tsx'
import { ExecutionTable } from '../executions/execution-table.tsx'
import { sinceOf } from '../executions/since.ts'
import { HistoryFilters } from './history-filters.tsx'
import '../executions/executions.css'

export function History() {
  const { status, of, workflow, period } = useSearch({ from: '/schedules' })
  useShowLive(useListEvents())
  const query = useInfiniteQuery(
    executionsQuery({
      trigger: 'schedule',
      ...(status ? { status } : {}),
      ...(of ? { schedule: of } : {}),
      ...(workflow ? { workflow } : {}),
      ...(period ? { from: sinceOf(period) } : {}),
    }),
  )
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <HistoryFilters />
      <Loaded query={query}>{() => <Listed rows={rows} isStale={query.isPlaceholderData} />}</Loaded>
      <LoadMore query={query} />
    </>
  )
}

interface ListedProps {
  rows: readonly ExecutionListItem[]
  isStale: boolean
}

/** Stays when an act takes the last row out of the filter: its dialog tells what became of each. */
function Listed({ rows, isStale }: ListedProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const [asked, setAsked] = useState<{ act: BulkAct; rows: ExecutionListItem[] }>()
  const chosen = rows.filter(({ id }) => ticked.has(id))
  return (
    <>
      <div className="f-panel f-scroll-x" aria-busy={isStale}>
        {rows.length > 0 ? (
          <ExecutionTable
            label={t('schedules.history')}
            rows={rows}
            showsSchedule
            ticked={ticked}
            onTick={setTicked}
            onAct={(act, row) => setAsked({ act, rows: [row] })}
          />
        ) : (
          <EmptyState
            icon={CalendarClock}
            title={t('schedules.noHistory')}
            text={t('schedules.noHistoryText')}
          />
        )}
      </div>
      {chosen.length > 0 && (
        <BulkBar
          rows={chosen}
          onAct={(act, fitting) => setAsked({ act, rows: fitting })}
          onClear={() => setTicked(new Set())}
        />
      )}
      {asked && (
        <BulkDialog
          {...asked}
          onDone={() => void queries.invalidateQueries({ queryKey: ['executions'] })}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  )
}
