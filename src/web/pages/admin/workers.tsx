import { useQuery } from '@tanstack/react-query'
import { CircleCheck, ListChecks, Server } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Workers } from '../../../api/contract/system.ts'
import { workersQuery } from '../../data/queries.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Fact } from '../../ui/fact.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { useDurationText } from '../../ui/times.tsx'
import { ProcessTable } from './process-table.tsx'
import { QueueTable } from './queue-table.tsx'
import { TroubledTable } from './troubled-table.tsx'
import './workers.css'

/** Who works, on what, and what got stuck: for those who run the installation. */
export function WorkersPage() {
  const { t } = useTranslation()
  const query = useQuery(workersQuery)
  return (
    <div className="f-page">
      <div className="f-page-head">
        <h1 className="f-grow">{t('admin.title')}</h1>
      </div>
      <Loaded query={query}>{() => query.data && <Overview workers={query.data} />}</Loaded>
    </div>
  )
}

function Overview({ workers }: { workers: Workers }) {
  const { t } = useTranslation()
  const { processes, queue, troubled, now } = workers
  return (
    <>
      <Section title={t('admin.processes')}>
        {processes.length > 0 ? (
          <ProcessTable rows={processes} now={now} />
        ) : (
          <EmptyState icon={Server} title={t('admin.noProcesses')} text={t('admin.noProcessesText')} />
        )}
      </Section>
      <Section title={t('admin.queue')}>
        <QueueFigures queue={queue} />
        {queue.length > 0 ? (
          <QueueTable rows={queue} />
        ) : (
          <EmptyState icon={ListChecks} title={t('admin.noQueue')} text={t('admin.noQueueText')} />
        )}
      </Section>
      <Section title={t('admin.troubled')}>
        {troubled.length > 0 ? (
          <TroubledTable rows={troubled} />
        ) : (
          <EmptyState icon={CircleCheck} title={t('admin.noTroubled')} text={t('admin.noTroubledText')} />
        )}
      </Section>
      <Section title={t('admin.commits')}>
        <CommitFigures commits={workers.commits} />
      </Section>
    </>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="f-section">
      <h2>{title}</h2>
      <div className="f-panel f-scroll-x">{children}</div>
    </section>
  )
}

const timers = ['wake', 'timeout', 'deadline']

function QueueFigures({ queue }: { queue: Workers['queue'] }) {
  const { t } = useTranslation()
  const count = (isMeant: (row: Workers['queue'][number]) => boolean) =>
    queue.filter(isMeant).reduce((sum, row) => sum + row.count, 0)
  return (
    <dl className="f-figures f-panel-pad">
      <Fact label={t('admin.effects')}>{count((row) => row.kind === 'run' && row.state === 'due')}</Fact>
      <Fact label={t('admin.timers')}>
        {count((row) => timers.includes(row.kind) && row.state === 'due')}
      </Fact>
      <Fact label={t('admin.states.claimed')}>{count((row) => row.state === 'claimed')}</Fact>
      <Fact label={t('admin.later')}>{count((row) => row.state === 'later')}</Fact>
    </dl>
  )
}

function CommitFigures({ commits }: { commits: Workers['commits'] }) {
  const { t } = useTranslation()
  const duration = useDurationText()
  const perCommit = commits.commits === 0 ? 0 : commits.saves / commits.commits
  return (
    <dl className="f-figures f-panel-pad">
      <Fact label={t('admin.total')}>{commits.commits}</Fact>
      <Fact label={t('admin.perCommit')}>{perCommit.toFixed(1)}</Fact>
      <Fact label={t('admin.p50')}>{duration(Math.ceil(commits.p50Ms))}</Fact>
      <Fact label={t('admin.p95')}>{duration(Math.ceil(commits.p95Ms))}</Fact>
      <Fact label={t('admin.refused')}>{commits.refused}</Fact>
      <Fact label={t('admin.failures')}>{commits.failures}</Fact>
    </dl>
  )
}
