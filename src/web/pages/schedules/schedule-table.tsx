import { Link, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Schedule } from '../../../api/contract/schedules.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { ErrorPanel } from '../../ui/messages.tsx'
import { RelativeTime } from '../../ui/times.tsx'
import { Counts } from './counts.tsx'
import { ActMenu, type ScheduleActs, useScheduleActs } from './schedule-acts.tsx'
import { StateMark } from './state-mark.tsx'
import { Timing } from './timing.tsx'

const columns = (t: TFunction): Column<Schedule>[] => [
  { key: 'state', title: t('schedules.state'), width: 120, cell: (row) => <StateMark schedule={row} /> },
  {
    key: 'name',
    title: t('schedules.name'),
    cell: (row) => (
      <Link
        className="f-row-link"
        from="/schedules"
        to="."
        search={(known) => ({ ...known, schedule: row.id })}
      >
        {row.name}
      </Link>
    ),
  },
  {
    key: 'workflow',
    title: t('executions.workflow'),
    cell: (row) => (
      <>
        {row.workflowTitle} <span className="f-quiet f-num">v{row.version}</span>
      </>
    ),
  },
  {
    key: 'target',
    title: t('executions.target'),
    cell: (row) => row.target?.label ?? <span className="f-quiet">–</span>,
  },
  { key: 'timing', title: t('schedules.times'), cell: (row) => <Timing timing={row.timing} /> },
  {
    key: 'next',
    title: t('schedules.next'),
    width: 130,
    cell: (row) => <RelativeTime at={row.nextFireAt} />,
  },
  { key: 'counts', title: t('schedules.results'), width: 190, cell: (row) => <Counts schedule={row} /> },
  { key: 'owner', title: t('schedules.owner'), width: 120, cell: (row) => <Owner schedule={row} /> },
  {
    key: 'created',
    title: t('schedules.created'),
    width: 110,
    from: 'wide',
    cell: (row) => <RelativeTime at={row.createdAt} />,
  },
]

const actsColumn = (t: TFunction, acts: ScheduleActs): Column<Schedule> => ({
  key: 'acts',
  width: 48,
  align: 'end',
  title: <span className="f-hidden-text">{t('schedules.actsColumn')}</span>,
  cell: (row) => <ActMenu schedule={row} acts={acts} />,
})

/** Whose it is, and the role whose members may change it too. */
function Owner({ schedule: { owner, role } }: { schedule: Schedule }) {
  return (
    <>
      {owner} {role && <span className="f-quiet">{role}</span>}
    </>
  )
}

/** What the panel beside the table shows as well. */
const beside = ['workflow', 'target', 'owner', 'created']

interface TableProps {
  rows: readonly Schedule[]
  selected: string | undefined
}

export function ScheduleTable({ rows, selected }: TableProps) {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/schedules' })
  const acts = useScheduleActs((id) => {
    if (id !== selected) return
    void navigate({ search: ({ schedule: _gone, ...known }) => known })
  })
  const shown = columns(t).filter(({ key }) => selected === undefined || !beside.includes(key))
  return (
    <>
      {acts.error && <ErrorPanel error={acts.error} />}
      <DataTable
        columns={[...shown, actsColumn(t, acts)]}
        rows={rows}
        rowKey={(row) => row.id}
        label={t('nav.schedules')}
        isSelected={(row) => row.id === selected}
      />
      {acts.dialog}
    </>
  )
}
