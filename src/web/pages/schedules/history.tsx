// Executions that schedules started: the list of executions with the name of the schedule, and acts on those ticked.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { Checkbox } from 'antd'
import { CalendarClock } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExecutionListItem } from '../../../api/contract/executions.ts'
import { executionsQuery } from '../../data/queries.ts'
import { useListEvents } from '../../data/use-list-events.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { useShowLive } from '../../ui/live-mark.ts'
import { LoadMore } from '../../ui/load-more.tsx'
import { EmptyState, Loaded } from '../../ui/messages.tsx'
import { executionColumns } from '../executions/execution-table.tsx'
import { sinceOf } from '../executions/since.ts'
import { ActBar } from './act-bar.tsx'
import { HistoryFilters } from './history-filters.tsx'

export function History() {
  const { t } = useTranslation()
  const { status, of, workflow, period } = useSearch({ from: '/schedules' })
  const [ticked, setTicked] = useState<readonly string[]>([])
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
  const shown = rows.filter(({ id }) => ticked.includes(id))
  const tick = useTickColumn(ticked, setTicked)
  return (
    <>
      <HistoryFilters />
      <div className="f-panel" aria-busy={query.isPlaceholderData}>
        <Loaded query={query}>
          {() =>
            rows.length > 0 ? (
              <DataTable
                label={t('schedules.history')}
                rows={rows}
                rowKey={({ id }) => id}
                columns={[tick, ...withSchedule(executionColumns(t), t('schedules.one'))]}
                isSelected={({ id }) => ticked.includes(id)}
              />
            ) : (
              <EmptyState
                icon={CalendarClock}
                title={t('schedules.noHistory')}
                text={t('schedules.noHistoryText')}
              />
            )
          }
        </Loaded>
        <LoadMore query={query} />
      </div>
      {shown.length > 0 && <ActBar rows={shown} onDone={() => setTicked([])} />}
    </>
  )
}

function useTickColumn(
  ticked: readonly string[],
  onTick: (ticked: readonly string[]) => void,
): Column<ExecutionListItem> {
  const { t } = useTranslation()
  return {
    key: 'tick',
    title: '',
    width: 36,
    cell: ({ id, mayAct }) => (
      <span className="f-tick">
        <Checkbox
          aria-label={t('schedules.tick', { id })}
          disabled={!mayAct}
          checked={ticked.includes(id)}
          onChange={({ target: { checked } }) =>
            onTick(checked ? [...ticked, id] : ticked.filter((other) => other !== id))
          }
        />
      </span>
    ),
  }
}

/** The schedule stands beside the workflow. */
function withSchedule(columns: Column<ExecutionListItem>[], title: string): Column<ExecutionListItem>[] {
  const column: Column<ExecutionListItem> = {
    key: 'schedule',
    title,
    cell: ({ schedule, scheduleName }) =>
      schedule && (
        <Link to="/schedules" search={{ schedule }}>
          {scheduleName ?? `#${schedule}`}
        </Link>
      ),
  }
  return [...columns.slice(0, 2), column, ...columns.slice(2)]
}
