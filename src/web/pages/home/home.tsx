import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { CircleCheck, Inbox, Play } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type ExecutionFilter, executionsQuery, tasksQuery } from '../../data/queries.ts'
import { useListEvents } from '../../data/use-list-events.ts'
import type { ExecutionsSearch } from '../../search.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { useShowLive } from '../../ui/live-mark.ts'
import { Loaded } from '../../ui/messages.tsx'
import { ExecutionTable } from '../executions/execution-table.tsx'
import { Strip } from '../executions/strip.tsx'
import { TaskTable } from '../tasks/task-table.tsx'
import { Checklist } from './checklist.tsx'
import { DemoNotice } from './demo-notice.tsx'
import { Failures } from './failures.tsx'
import '../executions/executions.css'
import './home.css'

const shownRows = 10
const underWay = 'running,queued,paused'

/** What needs me, what runs now, what ended badly. */
export function Home() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  useShowLive(useListEvents())
  return (
    <div className="f-page f-home">
      <div className="f-page-head">
        <h1 className="f-grow">{t('home.title')}</h1>
        <LinkButton to="/run" primary icon={<Play size={14} />}>
          {t('home.run')}
        </LinkButton>
      </div>
      <Checklist />
      <Strip search={{}} onChange={(search) => void navigate({ to: '/executions', search })} />
      <MyTasks />
      <Listed
        title={t('home.attention')}
        filter={{ attention: true, limit: shownRows }}
        all={{ attention: 'yes' }}
        empty={
          <EmptyState icon={CircleCheck} title={t('home.noAttention')} text={t('home.noAttentionText')} />
        }
      />
      <Listed
        title={t('home.running')}
        filter={{ status: underWay, limit: shownRows }}
        all={{ status: underWay }}
        empty={
          <EmptyState
            icon={Play}
            title={t('home.nothingRuns')}
            text={t('home.nothingRunsText')}
            action={<Link to="/run">{t('home.run')}</Link>}
          />
        }
      />
      <Failures />
      <DemoNotice />
    </div>
  )
}

function MyTasks() {
  const { t } = useTranslation()
  const query = useInfiniteQuery(tasksQuery({ box: 'mine', status: 'open' }))
  const tasks = query.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section className="f-section">
      <div className="f-row">
        <h2>{t('home.tasks')}</h2>
        {tasks.length > shownRows && <Link to="/tasks">{t('home.all')}</Link>}
      </div>
      <div className="f-panel">
        <Loaded query={query}>
          {() =>
            tasks.length > 0 ? (
              <TaskTable rows={tasks.slice(0, shownRows)} box={undefined} selected={undefined} />
            ) : (
              <EmptyState icon={Inbox} title={t('tasks.none')} text={t('tasks.noneText')} />
            )
          }
        </Loaded>
      </div>
    </section>
  )
}

interface ListedProps {
  title: string
  filter: ExecutionFilter
  /** The list with all of them. */
  all: ExecutionsSearch
  empty: ReactNode
}

function Listed({ title, filter, all, empty }: ListedProps) {
  const { t } = useTranslation()
  const query = useInfiniteQuery(executionsQuery(filter))
  const rows = query.data?.pages[0]?.items ?? []
  return (
    <section className="f-section">
      <div className="f-row">
        <h2>{title}</h2>
        {query.hasNextPage && (
          <Link to="/executions" search={all}>
            {t('home.all')}
          </Link>
        )}
      </div>
      <div className="f-panel">
        <Loaded query={query}>
          {() => (rows.length > 0 ? <ExecutionTable rows={rows} label={title} /> : empty)}
        </Loaded>
      </div>
    </section>
  )
}
