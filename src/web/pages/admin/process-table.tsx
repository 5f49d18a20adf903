import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Process } from '../../../api/contract/system.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Elapsed, RelativeTime } from '../../ui/times.tsx'

/** Three heartbeats; after five the others take its work over. */
const silentAfterMs = 10_000

interface ProcessTableProps {
  rows: readonly Process[]
  /** The database's clock. */
  now: string
}

const columns = (t: TFunction, now: string): Column<Process>[] => [
  {
    key: 'process',
    title: t('admin.process'),
    cell: (row) => (
      <>
        <span className="f-code">{row.name}</span>{' '}
        {row.answers && <span className="f-quiet">{t('admin.answers')}</span>}
      </>
    ),
  },
  { key: 'host', title: t('admin.host'), cell: (row) => row.host },
  {
    key: 'roles',
    title: t('admin.roles'),
    cell: (row) => row.roles.map((role) => roleName(t, role)).join(', '),
  },
  { key: 'tags', title: t('admin.tags'), cell: (row) => <Tags row={row} /> },
  {
    key: 'running',
    title: t('admin.running'),
    align: 'end',
    width: 90,
    cell: (row) => <span className="f-num">{`${row.running} / ${row.capacity}`}</span>,
  },
  {
    key: 'started',
    title: t('admin.started'),
    width: 130,
    cell: (row) => <RelativeTime at={row.startedAt} />,
  },
  {
    key: 'beat',
    title: t('admin.beat'),
    width: 170,
    cell: (row) => (
      <>
        {t(isSilent(row, now) ? 'admin.silent' : 'admin.fresh')} <Elapsed from={row.beatAt} to={now} />
      </>
    ),
  },
  { key: 'version', title: t('admin.version'), width: 90, cell: (row) => row.version || '–' },
]

const isSilent = (row: Process, now: string): boolean =>
  Date.parse(now) - Date.parse(row.beatAt) > silentAfterMs

/** Roles of programs of our own have a name; others are shown as they are. */
const roleName = (t: TFunction, role: string): string => t(`admin.roleNames.${role}`, { defaultValue: role })

function Tags({ row }: { row: Process }) {
  const { t } = useTranslation()
  if (row.tags.length === 0) return <span className="f-quiet">–</span>
  return (
    <>
      {row.tags.join(', ')} {!row.untagged && <span className="f-quiet">{t('admin.tagsOnly')}</span>}
    </>
  )
}

export function ProcessTable({ rows, now }: ProcessTableProps) {
  const { t } = useTranslation()
  return (
    <DataTable columns={columns(t, now)} rows={rows} rowKey={(row) => row.id} label={t('admin.processes')} />
  )
}
