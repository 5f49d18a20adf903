import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Input, Segmented } from 'antd'
import { CalendarClock, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { schedulesQuery } from '../../data/queries.ts'
import { scheduleStates } from '../../search.ts'
import { LoadMore } from '../../ui/load-more.tsx'
import { EmptyState, Loaded } from '../../ui/messages.tsx'
import { useTypedText } from '../../ui/use-typed-text.ts'
import { ScheduleDialog } from './schedule-dialog.tsx'
import { SchedulePanel } from './schedule-panel.tsx'
import { ScheduleTable } from './schedule-table.tsx'
import '../../ui/beside.css'
import './schedules.css'

const states = ['all', ...scheduleStates] as const

/** The list, and the schedule that is open beside it. */
export function Schedules() {
  const { t } = useTranslation()
  const { schedule, state, q, from } = useSearch({ from: '/schedules' })
  const navigate = useNavigate({ from: '/schedules' })
  const query = useInfiniteQuery(schedulesQuery({ ...(state ? { state } : {}), ...(q ? { q } : {}) }))
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const open = (id: string | undefined) =>
    void navigate({
      search: ({ from: _from, schedule: _schedule, ...known }) => ({
        ...known,
        ...(id ? { schedule: id } : {}),
      }),
    })
  const create = () => void navigate({ search: (known) => ({ ...known, from: 'new' }) })
  return (
    <div className="f-beside" data-open={schedule !== undefined || undefined}>
      <div className="f-page">
        <Filters onCreate={create} />
        <div className="f-panel">
          <Loaded query={query}>
            {() =>
              rows.length > 0 ? (
                <ScheduleTable rows={rows} selected={schedule} />
              ) : (
                <EmptyState
                  icon={CalendarClock}
                  title={t('schedules.none')}
                  text={t('schedules.noneText')}
                  action={<Button onClick={create}>{t('schedules.create')}</Button>}
                />
              )
            }
          </Loaded>
          <LoadMore query={query} />
        </div>
      </div>
      {schedule !== undefined && (
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

function Filters({ onCreate }: { onCreate: () => void }) {
  const { t } = useTranslation()
  const { state, q } = useSearch({ from: '/schedules' })
  const navigate = useNavigate({ from: '/schedules' })
  const [typed, setTyped] = useTypedText(
    q ?? '',
    (text) =>
      void navigate({
        search: ({ q: _q, ...known }) => ({ ...known, ...(text ? { q: text } : {}) }),
        replace: true,
      }),
  )
  return (
    <div className="f-row">
      <Segmented<(typeof states)[number]>
        value={state ?? 'all'}
        options={states.map((value) => ({ value, label: t(`schedules.states.${value}`) }))}
        onChange={(value) =>
          void navigate({
            search: ({ state: _state, ...known }) => (value === 'all' ? known : { ...known, state: value }),
          })
        }
      />
      <Input.Search
        className="f-grow"
        allowClear
        value={typed}
        placeholder={t('schedules.search')}
        aria-label={t('schedules.search')}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button type="primary" icon={<Plus size={14} />} onClick={onCreate}>
        {t('schedules.create')}
      </Button>
    </div>
  )
}
