// One schedule: what it does, what may be done to it, and what became of its firings.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Firing, Schedule } from '../../../api/contract/schedules.ts'
import { firingsQuery, scheduleQuery } from '../../data/queries.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { JsonTree } from '../../ui/json-tree.tsx'
import { LoadMore } from '../../ui/load-more.tsx'
import { ErrorPanel, Loaded } from '../../ui/messages.tsx'
import { useWrittenReason } from '../../ui/sentences.ts'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { RelativeTime } from '../../ui/times.tsx'
import { Counts } from './counts.tsx'
import { Messages } from './messages.tsx'
import { ActButtons, useScheduleActs } from './schedule-acts.tsx'
import { StateMark } from './state-mark.tsx'
import { Timing } from './timing.tsx'

interface PanelProps {
  id: string
  onClose: () => void
}

export function SchedulePanel({ id, onClose }: PanelProps) {
  const { t } = useTranslation()
  const query = useQuery(scheduleQuery(id))
  return (
    <aside className="f-beside-panel" aria-label={t('schedules.one')}>
      <Loaded query={query}>
        {() =>
          query.data && (
            <>
              <div className="f-row">
                <h2 className="f-grow">{query.data.name}</h2>
                <Button type="text" icon={<X size={16} />} aria-label={t('common.close')} onClick={onClose} />
              </div>
              <Acts schedule={query.data} onGone={onClose} />
              <Facts schedule={query.data} />
              <Messages schedule={query.data} />
              <Firings schedule={query.data} />
            </>
          )
        }
      </Loaded>
    </aside>
  )
}

function Acts({ schedule, onGone }: { schedule: Schedule; onGone: () => void }) {
  const acts = useScheduleActs(onGone)
  return (
    <div className="f-stack">
      <ActButtons schedule={schedule} acts={acts} />
      {acts.error && <ErrorPanel error={acts.error} />}
      {acts.dialog}
    </div>
  )
}

/** What each of its executions is given. */
function Given({ schedule: { id, target, inputs } }: { schedule: Schedule }) {
  const { t } = useTranslation()
  return (
    <>
      {target && (
        <>
          <dt>{t('executions.target')}</dt>
          <dd>
            <Link to="/data" search={{ collection: target.collection, record: target.id }}>
              {target.label}
            </Link>
          </dd>
        </>
      )}
      {Object.keys(inputs).length > 0 && (
        <>
          <dt>{t('preview.inputs')}</dt>
          <dd>
            <JsonTree value={inputs} name={`schedule-${id}-inputs`} />
          </dd>
        </>
      )}
    </>
  )
}

function Facts({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation()
  return (
    <dl className="f-facts">
      <dt>{t('schedules.state')}</dt>
      <dd>
        <StateMark schedule={schedule} />
      </dd>
      <dt>{t('schedules.times')}</dt>
      <dd>
        <Timing timing={schedule.timing} /> <span className="f-quiet">{schedule.timeZone}</span>
      </dd>
      <dt>{t('schedules.next')}</dt>
      <dd>
        <RelativeTime at={schedule.nextFireAt} />
      </dd>
      <dt>{t('schedules.execution')}</dt>
      <dd>
        <Link to="/executions/$id" params={{ id: schedule.execution }}>
          {schedule.workflowTitle} v{schedule.version} #{schedule.execution}
        </Link>
      </dd>
      <Given schedule={schedule} />
      <dt>{t('schedules.records')}</dt>
      <dd>{t(`schedules.recordWays.${schedule.bindings}`)}</dd>
      <dt>{t('schedules.missed')}</dt>
      <dd>{t(`schedules.missedWays.${schedule.missed}`)}</dd>
      <dt>{t('schedules.overlap')}</dt>
      <dd>{t(`schedules.overlapWays.${schedule.overlap}`)}</dd>
      <dt>{t('schedules.owner')}</dt>
      <dd>
        {schedule.owner} {schedule.role && <span className="f-quiet">{schedule.role}</span>}
      </dd>
      <Origin schedule={schedule} />
      <dt>{t('schedules.notifies')}</dt>
      <dd>
        <Told notify={schedule.notify} />
      </dd>
      <dt>{t('schedules.results')}</dt>
      <dd>
        <Counts schedule={schedule} />
      </dd>
    </dl>
  )
}

/** When it was made, and who changed it last. */
function Origin({ schedule: { createdAt, updatedAt, updatedBy } }: { schedule: Schedule }) {
  const { t } = useTranslation()
  return (
    <>
      <dt>{t('schedules.created')}</dt>
      <dd>
        <RelativeTime at={createdAt} />
      </dd>
      {updatedBy && (
        <>
          <dt>{t('schedules.changed')}</dt>
          <dd>
            <RelativeTime at={updatedAt} /> <span className="f-quiet">{updatedBy}</span>
          </dd>
        </>
      )}
    </>
  )
}

/** Of what people are told, and how. */
function Told({ notify: { on, to = [], mail = [], webhook } }: Pick<Schedule, 'notify'>) {
  const { t } = useTranslation()
  const whom = [...to.map((who) => t(`schedules.to.${who}`)), ...mail, ...(webhook ? [webhook] : [])]
  if (on.length === 0 || whom.length === 0) return <span className="f-quiet">{t('schedules.nobody')}</span>
  return (
    <>
      {on.map((event) => t(`schedules.events.${event}`)).join(', ')}{' '}
      <span className="f-quiet f-break">{whom.join(', ')}</span>
    </>
  )
}

function Firings({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation()
  const query = useInfiniteQuery(firingsQuery(schedule.id))
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const columns: Column<Firing>[] = [
    { key: 'due', title: t('schedules.due'), width: 130, cell: (row) => <RelativeTime at={row.due} /> },
    { key: 'what', title: t('schedules.whatBecame'), cell: (row) => <Became firing={row} /> },
  ]
  return (
    <section className="f-section">
      <h3>{t('schedules.firings')}</h3>
      <Loaded query={query}>
        {() =>
          rows.length > 0 ? (
            <DataTable
              columns={columns}
              rows={rows}
              rowKey={(row) => row.due}
              label={t('schedules.firings')}
            />
          ) : (
            <p className="f-quiet">{t('schedules.noFirings')}</p>
          )
        }
      </Loaded>
      <LoadMore query={query} />
    </section>
  )
}

function Became({ firing }: { firing: Firing }) {
  const { t } = useTranslation()
  const { execution, executionStatus, status } = firing
  const reason = useWrittenReason()(firing)
  if (execution && executionStatus) {
    return (
      <Link to="/executions/$id" params={{ id: execution }}>
        <StatusBadge status={executionStatus} /> #{execution}
      </Link>
    )
  }
  return (
    <>
      {t(`schedules.firingStates.${status}`)} {reason && <span className="f-quiet">{reason}</span>}
    </>
  )
}
