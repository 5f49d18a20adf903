import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Alert, Button, Segmented } from 'antd'
import { EyeOff, Grid3x3, SearchX, Table2 } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Batch, BatchTarget } from '../../../api/contract/batches.ts'
import { isRefusal } from '../../../client/api-error.ts'
import { batchQuery, type KnownBatch } from '../../data/batch-queries.ts'
import { type BatchFilter, batchFilters, readBatchSearch } from '../../search.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Fact } from '../../ui/fact.tsx'
import { type LiveMark, useShowLive } from '../../ui/live-mark.ts'
import { Loaded } from '../../ui/messages.tsx'
import { StatusIcon } from '../../ui/status-badge.tsx'
import { Elapsed, RelativeTime } from '../../ui/times.tsx'
import { BatchActs } from './batch-acts.tsx'
import { BatchState } from './batch-state.tsx'
import { ProgressBar } from './progress-bar.tsx'
import { Squares } from './squares.tsx'
import { countOf, groupLook, isShown } from './target-look.ts'
import { TargetTable } from './target-table.tsx'
import './batches.css'

export function BatchPage() {
  const { id } = useParams({ from: '/batches/$id' })
  const query = useQuery(batchQuery(useQueryClient(), id))
  useShowLive(markOf(query))
  return (
    <Loaded query={query}>
      {() =>
        query.data && (
          <div className="f-page f-page-fill">
            <BatchHeader batch={query.data.batch} />
            <Targets known={query.data} />
          </div>
        )
      }
    </Loaded>
  )
}

function markOf({ data, error }: { data: KnownBatch | undefined; error: unknown }): LiveMark {
  if (!data || isRefusal(error)) return undefined
  if (error) return 'reconnecting'
  return data.batch.endedAt ? 'ended' : 'live'
}

function BatchHeader({ batch }: { batch: Batch }) {
  const { t } = useTranslation()
  const hasInputs = Object.keys(batch.inputs).length > 0
  return (
    <header className="f-head">
      <div className="f-row f-grow">
        <BatchState batch={batch} />
        <h1>{batch.workflowTitle}</h1>
        <span className="f-quiet f-num">
          {t('batches.number', { id: batch.id })} · v{batch.version}
        </span>
        <Link to="/executions" search={{ batch: batch.id }}>
          {t('batches.executions')}
        </Link>
      </div>
      <BatchActs batch={batch} />
      <dl className="f-head-facts">
        <Fact label={t('executions.startedBy')}>{batch.owner}</Fact>
        <Fact label={t('executions.started')}>
          <RelativeTime at={batch.createdAt} />
        </Fact>
        <Fact label={t('executions.duration')}>
          <Elapsed from={batch.createdAt} to={batch.endedAt} />
        </Fact>
        <Fact label={t('batches.parallel')}>{batch.parallel}</Fact>
        <Fact label={t('batches.stopRule')}>
          <StopRule batch={batch} />
        </Fact>
        {batch.conditions.length > 0 && (
          <Fact label={t('batches.conditions')}>
            <code>{batch.conditions.join(', ')}</code>
          </Fact>
        )}
        {hasInputs && (
          <Fact label={t('preview.inputs')}>
            <code>{JSON.stringify(batch.inputs)}</code>
          </Fact>
        )}
      </dl>
      <StandingStill batch={batch} />
      <NeedsPeople batch={batch} />
    </header>
  )
}

function NeedsPeople({ batch: { attention, asks, endedAt } }: { batch: Batch }) {
  const { t } = useTranslation()
  if (endedAt !== undefined) return null
  return (
    <>
      {attention > 0 && <Alert type="warning" showIcon title={t('batches.held', { count: attention })} />}
      {asks > 0 && (
        <Alert
          type="info"
          showIcon
          title={t('batches.asked', { count: asks })}
          action={<Link to="/tasks">{t('batches.toTasks')}</Link>}
        />
      )}
    </>
  )
}

/** Why it starts nothing, when somebody or its stop rule has said so. */
function StandingStill({ batch: { state, reason } }: { batch: Batch }) {
  const { t } = useTranslation()
  if (state !== 'paused' && state !== 'stopped') return null
  if (reason === 'failures') return <Alert type="error" showIcon title={t('batches.stoppedByRule')} />
  return <Alert type="info" showIcon title={t(`batches.standsStill.${state}`)} description={reason} />
}

function StopRule({ batch: { stopCount, stopPercent } }: { batch: Batch }) {
  const { t } = useTranslation()
  if (stopCount !== undefined) return <>{t('batches.moreThan', { count: stopCount })}</>
  if (stopPercent !== undefined) return <>{t('batches.moreThanPercent', { percent: stopPercent })}</>
  return <>{t('batches.stopRules.never')}</>
}

const looks = ['squares', 'table'] as const

function Targets({ known: { batch, targets } }: { known: KnownBatch }) {
  const { t } = useTranslation()
  const { show = 'all', look = 'squares' } = useSearch({ from: '/batches/$id' })
  const navigate = useNavigate({ from: '/batches/$id' })
  const change = (part: { show?: BatchFilter | undefined; look?: 'table' | undefined }) =>
    void navigate({ search: (known) => readBatchSearch({ ...known, ...part }), replace: true })
  const shown = useMemo(() => targets.filter((target) => isShown(target, show)), [targets, show])
  return (
    <div className="f-batch-body">
      <ProgressBar batch={batch} />
      <div className="f-row">
        <Segmented<BatchFilter>
          value={show}
          aria-label={t('executions.filters')}
          options={batchFilters
            .filter((filter) => filter === 'all' || filter === show || countOf(batch, filter) > 0)
            .map((filter) => ({ value: filter, label: <FilterName batch={batch} filter={filter} /> }))}
          onChange={(filter) => change({ show: filter === 'all' ? undefined : filter })}
        />
        <span className="f-grow" />
        <Segmented<(typeof looks)[number]>
          value={look}
          aria-label={t('batches.look')}
          options={looks.map((value) => ({
            value,
            icon: value === 'squares' ? <Grid3x3 size={14} /> : <Table2 size={14} />,
            label: t(`batches.looks.${value}`),
          }))}
          onChange={(next) => change({ look: next === 'table' ? next : undefined })}
        />
      </div>
      {shown.length > 0 ? (
        <Shown targets={shown} look={look} />
      ) : (
        <NoneShown isAll={targets.length === 0} onShowAll={() => change({ show: undefined })} />
      )}
    </div>
  )
}

function Shown({ targets, look }: { targets: readonly BatchTarget[]; look: (typeof looks)[number] }) {
  if (look === 'squares') return <Squares targets={targets} />
  return (
    <div className="f-panel f-target-table">
      <TargetTable targets={targets} />
    </div>
  )
}

/** `isAll`: it has no target that may be seen; else none is as the filter asks. */
function NoneShown({ isAll, onShowAll }: { isAll: boolean; onShowAll: () => void }) {
  const { t } = useTranslation()
  if (isAll)
    return <EmptyState icon={EyeOff} title={t('batches.noneSeen')} text={t('batches.noneSeenText')} />
  return (
    <EmptyState
      icon={SearchX}
      title={t('batches.noneLikeThis')}
      text={t('batches.noneLikeThisText')}
      action={<Button onClick={onShowAll}>{t('batches.showAll')}</Button>}
    />
  )
}

function FilterName({ batch, filter }: { batch: Batch; filter: BatchFilter }) {
  const { t } = useTranslation()
  const count = countOf(batch, filter)
  return (
    <span className="f-filter-name">
      {filter === 'attention' && <span className="f-attention-dot" aria-hidden />}
      {filter !== 'all' && filter !== 'attention' && <StatusIcon status={groupLook[filter]} size={14} />}
      {t(`batches.show.${filter}`)} <span className="f-num">{count}</span>
    </span>
  )
}
