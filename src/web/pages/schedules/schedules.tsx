import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Tabs } from 'antd'
import { CalendarClock, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { meQuery, type ScheduleFilter, schedulesQuery } from '../../data/queries.ts'
import type { SchedulesSearch } from '../../search.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LoadMore } from '../../ui/load-more.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { sinceOf, untilOf } from '../executions/since.ts'
import { History } from './history.tsx'
import { ScheduleDialog } from './schedule-dialog.tsx'
import { ScheduleFilters } from './schedule-filters.tsx'
import { SchedulePanel } from './schedule-panel.tsx'
import { ScheduleTable } from './schedule-table.tsx'
import '../../ui/beside.css'
import './schedules.css'

/** The list, the schedule that is open beside it, and the history of what they started. */
export function Schedules() {
  const { t } = useTranslation()
  const { view, schedule, from } = useSearch({ from: '/schedules' })
  const navigate = useNavigate({ from: '/schedules' })
  const open = (id: string | undefined) =>
    void navigate({
      search: ({ from: _from, schedule: _schedule, ...known }) => ({
        ...known,
        ...(id ? { schedule: id } : {}),
      }),
    })
  const me = useQuery(meQuery)
  const create = me.data?.permissions.includes('schedule.manage')
    ? () => void navigate({ search: (known) => ({ ...known, from: 'new' }) })
    : undefined
  return (
    <div className="f-beside" data-open={(view !== 'history' && schedule !== undefined) || undefined}>
      <div className="f-page">
        <div className="f-tabs-row">
          <Tabs
            className="f-page-tabs f-grow"
            activeKey={view ?? 'list'}
            items={[
              { key: 'list', label: t('nav.schedules') },
              { key: 'history', label: t('schedules.history') },
            ]}
            onChange={(key) => void navigate({ search: key === 'history' ? { view: key } : {} })}
          />
          {create && (
            <Button type="primary" icon={<Plus size={14} />} onClick={create}>
              {t('schedules.create')}
            </Button>
          )}
        </div>
        {view === 'history' ? <History /> : <List onCreate={create} />}
      </div>
      {view !== 'history' && schedule !== undefined && (
        <SchedulePanel key={schedule} id={schedule} onClose={() => open(undefined)} />
      )}
      {from !== undefined && (
        <ScheduleDialog
          {...(from === 'new' ? {} : { execution: from })}
          onClose={() => open(undefined)}
          onDone={({ id }) => open(id)}
        />
      )}
    </div>
  )
}

function filterOf({ state, q, mode, workflow, mine, created, fires }: SchedulesSearch): ScheduleFilter {
  return {
    ...(state ? { state } : {}),
    ...(q ? { q } : {}),
    ...(mode ? { mode } : {}),
    ...(workflow ? { workflow } : {}),
    ...(mine ? { mine: true } : {}),
    ...(created ? { createdFrom: sinceOf(created) } : {}),
    ...(fires ? { firesBefore: untilOf(fires) } : {}),
  }
}

/** `onCreate` is undefined for who may make none. */
function List({ onCreate }: { onCreate: (() => void) | undefined }) {
  const { t } = useTranslation()
  const search = useSearch({ from: '/schedules' })
  const navigate = useNavigate({ from: '/schedules' })
  const filter = filterOf(search)
  const query = useInfiniteQuery(schedulesQuery(filter))
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const isFiltered = Object.keys(filter).length > 0
  return (
    <>
      <ScheduleFilters filter={filter} />
      <div className="f-panel f-scroll-x">
        <Loaded query={query}>
          {() =>
            rows.length > 0 ? (
              <ScheduleTable rows={rows} selected={search.schedule} />
            ) : (
              <EmptyState
                icon={CalendarClock}
                title={t(isFiltered ? 'schedules.noneMatch' : 'schedules.none')}
                text={t(isFiltered ? 'executions.noneMatchText' : 'schedules.noneText')}
                action={
                  isFiltered ? (
                    <Button onClick={() => void navigate({ search: {} })}>{t('executions.clear')}</Button>
                  ) : (
                    onCreate && <Button onClick={onCreate}>{t('schedules.create')}</Button>
                  )
                }
              />
            )
          }
        </Loaded>
        <LoadMore query={query} />
      </div>
    </>
  )
}
