import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { Inbox } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { tasksQuery } from '../../data/queries.ts'
import { useListEvents } from '../../data/use-list-events.ts'
import { taskBoxes } from '../../search.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { useShowLive } from '../../ui/live-mark.ts'
import { LoadMore } from '../../ui/load-more.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { TaskPanel } from './task-panel.tsx'
import { TaskTable } from './task-table.tsx'
import '../../ui/beside.css'

/** The inbox, and the task that is open beside it. */
export function Tasks() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/tasks' })
  const navigate = useNavigate({ from: '/tasks' })
  const box = search.box ?? 'mine'
  const query = useInfiniteQuery(tasksQuery(box === 'mine' ? { box, status: 'open' } : { box }))
  useShowLive(useListEvents())
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className="f-beside" data-open={search.task !== undefined || undefined}>
      <div className="f-page">
        <Segmented
          value={box}
          aria-label={t('nav.tasks')}
          options={taskBoxes.map((value) => ({ value, label: t(`tasks.boxes.${value}`) }))}
          onChange={(value) => void navigate({ search: { box: value } })}
          className="f-beside-choice"
        />
        <div className="f-panel">
          <Loaded query={query}>
            {() =>
              rows.length > 0 ? (
                <TaskTable rows={rows} box={search.box} selected={search.task} />
              ) : (
                <EmptyState icon={Inbox} title={t('tasks.none')} text={t('tasks.noneText')} />
              )
            }
          </Loaded>
          <LoadMore query={query} />
        </div>
      </div>
      {search.task !== undefined && (
        <TaskPanel
          key={search.task}
          id={search.task}
          onClose={() => void navigate({ search: { ...(search.box ? { box: search.box } : {}) } })}
        />
      )}
    </div>
  )
}
