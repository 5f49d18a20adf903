// The columns of executions, the same wherever they are listed; in the list itself they can be ticked and acted on.
import { Link } from '@tanstack/react-router'
import { Button, Checkbox, Tooltip } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { ExecutionListItem, ExecutionSummary } from '../../../api/contract/executions.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { shownExecutionStatus } from '../../ui/status-legend.ts'
import { Elapsed, RelativeTime } from '../../ui/times.tsx'
import { actIcons } from './act-icons.ts'
import { type BulkAct, bulkActs, mayBulk } from './bulk-acts.ts'

export const executionColumns = (t: TFunction): Column<ExecutionSummary>[] => [
  {
    key: 'status',
    title: t('executions.status'),
    width: 'clamp(130px, 15vw, 220px)',
    cell: (row) => <StatusBadge status={shownExecutionStatus(row)} attention={row.attention} />,
  },
  {
    key: 'workflow',
    title: t('executions.workflow'),
    cell: (row) => (
      <>
        <Link className="f-row-link" to="/executions/$id" params={{ id: row.id }}>
          {row.workflowTitle}
        </Link>{' '}
        <span className="f-quiet f-num">
          #{row.id} · v{row.version}
          {row.test && ` · ${t('executions.test')}`}
        </span>
      </>
    ),
  },
  {
    key: 'target',
    title: t('executions.target'),
    cell: ({ target }) =>
      target ? (
        <span className="f-one-line" title={target.label}>
          {target.label}
        </span>
      ) : (
        <span className="f-quiet">–</span>
      ),
  },
  { key: 'by', title: t('executions.startedBy'), cell: (row) => <Starter execution={row} /> },
  {
    key: 'started',
    title: t('executions.started'),
    width: 130,
    cell: (row) => <RelativeTime at={row.startedAt ?? row.createdAt} />,
  },
  {
    key: 'duration',
    title: t('executions.duration'),
    width: 100,
    align: 'end',
    cell: (row) => <Elapsed from={row.startedAt} to={row.endedAt} />,
  },
]

const parentColumn = (t: TFunction): Column<ExecutionListItem> => ({
  key: 'parent',
  title: t('executions.parent'),
  // Without its title it is one that may not be seen.
  cell: ({ parent, parentTitle }) =>
    parent && parentTitle !== undefined ? (
      <Link to="/executions/$id" params={{ id: parent.execution }} search={{ run: parent.run }}>
        {parentTitle} <span className="f-num">#{parent.execution}</span>
      </Link>
    ) : (
      <span className="f-quiet">–</span>
    ),
})

const scheduleColumn = (t: TFunction): Column<ExecutionListItem> => ({
  key: 'schedule',
  title: t('schedules.one'),
  cell: ({ schedule, scheduleName }) =>
    schedule ? (
      <Link to="/schedules" search={{ schedule }}>
        {scheduleName ?? `#${schedule}`}
      </Link>
    ) : (
      <span className="f-quiet">–</span>
    ),
})

const lastActColumn = (t: TFunction): Column<ExecutionListItem> => ({
  key: 'lastAct',
  title: t('executions.lastAct'),
  width: 220,
  from: 'wide',
  cell: ({ lastAct }) =>
    lastAct ? (
      <span className="f-last-act">
        {lastAct.by} {t(`history.${lastAct.act}`, { defaultValue: lastAct.act })}
        <span className="f-quiet">
          {' · '}
          <RelativeTime at={lastAct.at} />
        </span>
      </span>
    ) : (
      <span className="f-quiet">–</span>
    ),
})

export function Starter({ execution }: { execution: ExecutionSummary }) {
  const { t } = useTranslation()
  const { schedule, batch, trigger, startedBy } = execution
  const word = <>{t(`trigger.${trigger}`, { defaultValue: trigger })}</>
  return (
    <>
      {startedBy}{' '}
      {trigger !== 'manual' && (
        <span className="f-quiet">
          {batch ? (
            <Link to="/batches/$id" params={{ id: batch }}>
              {word}
            </Link>
          ) : schedule ? (
            <Link to="/schedules" search={{ schedule }}>
              {word}
            </Link>
          ) : (
            word
          )}
        </span>
      )}
    </>
  )
}

interface TableProps {
  rows: readonly ExecutionListItem[]
  label: string
  showsParent?: boolean
  showsSchedule?: boolean
  /** With the next two: rows can be ticked and acted on. */
  ticked?: ReadonlySet<string>
  onTick?: (ticked: ReadonlySet<string>) => void
  onAct?: (act: BulkAct, row: ExecutionListItem) => void
}

export function ExecutionTable({ rows, label, ticked, onTick, onAct, ...shows }: TableProps) {
  const { t } = useTranslation()
  const all = [
    ...(ticked && onTick ? [tickColumn(t, { rows, ticked, onTick })] : []),
    ...executionColumns(t),
    ...(shows.showsParent ? [parentColumn(t)] : []),
    ...(shows.showsSchedule ? [scheduleColumn(t)] : []),
    ...(onAct ? [lastActColumn(t), actsColumn(t, onAct)] : []),
  ]
  return (
    <DataTable
      columns={all}
      rows={rows}
      rowKey={(row) => row.id}
      label={label}
      isSelected={(row) => ticked?.has(row.id) ?? false}
    />
  )
}

interface Ticking {
  rows: readonly ExecutionListItem[]
  ticked: ReadonlySet<string>
  onTick: (ticked: ReadonlySet<string>) => void
}

function tickColumn(t: TFunction, { rows, ticked, onTick }: Ticking): Column<ExecutionListItem> {
  const able = rows.filter(({ mayAct }) => mayAct).map(({ id }) => id)
  const count = able.filter((id) => ticked.has(id)).length
  const toggle = (id: string) => {
    const next = new Set(ticked)
    if (!next.delete(id)) next.add(id)
    onTick(next)
  }
  return {
    key: 'tick',
    width: 40,
    title: (
      <Checkbox
        aria-label={t('executions.bulk.all')}
        disabled={able.length === 0}
        checked={count > 0 && count === able.length}
        indeterminate={count > 0 && count < able.length}
        onChange={() => onTick(new Set(count === able.length ? [] : able))}
      />
    ),
    cell: ({ id, mayAct }) => (
      <span className="f-over-row">
        <Checkbox
          aria-label={t('executions.bulk.tick', { id })}
          disabled={!mayAct}
          checked={ticked.has(id)}
          onChange={() => toggle(id)}
        />
      </span>
    ),
  }
}

function actsColumn(
  t: TFunction,
  onAct: (act: BulkAct, row: ExecutionListItem) => void,
): Column<ExecutionListItem> {
  return {
    key: 'acts',
    width: 88,
    align: 'end',
    title: <span className="f-hidden-text">{t('executions.bulk.label')}</span>,
    cell: (row) => (
      <span className="f-row-acts">
        {bulkActs
          .filter((act) => mayBulk(act, row))
          .map((act) => {
            const Icon = actIcons[act]
            const name = t(`execution.acts.${act}`)
            return (
              <Tooltip key={act} title={name}>
                <Button
                  type="text"
                  size="small"
                  danger={act === 'terminate'}
                  icon={<Icon size={14} />}
                  aria-label={`${name} #${row.id}`}
                  onClick={() => onAct(act, row)}
                />
              </Tooltip>
            )
          })}
      </span>
    ),
  }
}
