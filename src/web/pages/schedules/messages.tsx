// The notifications of a schedule: what has arrived, what is tried again, what was given up and why.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { CircleCheck, CircleX, type LucideIcon, RotateCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type Message, resendMessages, type Schedule } from '../../../api/contract/schedules.ts'
import { api } from '../../data/client.ts'
import { messagesQuery } from '../../data/queries.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { ErrorPanel } from '../../ui/messages.tsx'
import { RelativeTime } from '../../ui/times.tsx'

const icons: Record<Message['status'], LucideIcon> = { open: RotateCw, sent: CircleCheck, failed: CircleX }

/** Nothing as long as nobody had to be told. */
export function Messages({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const query = useQuery(messagesQuery(schedule.id))
  const resend = useMutation({
    mutationFn: () => api.call(resendMessages, { params: { id: schedule.id }, body: {} }),
    onSuccess: () => queries.invalidateQueries({ queryKey: messagesQuery(schedule.id).queryKey }),
  })
  const rows = query.data?.items ?? []
  if (rows.length === 0) return null
  const isStuck = rows.some(({ status, addresses }) => status !== 'sent' && addresses.length > 0)
  const columns: Column<Message>[] = [
    { key: 'due', title: t('schedules.due'), width: 110, cell: ({ due }) => <RelativeTime at={due} /> },
    { key: 'what', title: t('schedules.notified'), cell: (row) => <What message={row} /> },
    { key: 'state', title: t('schedules.state'), cell: (row) => <State message={row} /> },
  ]
  return (
    <section className="f-section">
      <div className="f-row">
        <h3 className="f-grow">{t('schedules.messages')}</h3>
        {isStuck && schedule.acts.includes('edit') && (
          <Button size="small" loading={resend.isPending} onClick={() => resend.mutate()}>
            {t('schedules.resend')}
          </Button>
        )}
      </div>
      {resend.error && <ErrorPanel error={resend.error} />}
      <DataTable columns={columns} rows={rows} rowKey={({ id }) => id} label={t('schedules.messages')} />
    </section>
  )
}

function What({ message: { event, way, addresses } }: { message: Message }) {
  const { t } = useTranslation()
  return (
    <>
      {t(`schedules.events.${event}`)}{' '}
      <span className="f-quiet f-break">
        {t(`schedules.ways.${way}`)} {addresses.join(', ')}
      </span>
    </>
  )
}

function State({ message: { status, tries, error, nextTryAt } }: { message: Message }) {
  const { t } = useTranslation()
  const Icon = icons[status]
  return (
    <>
      <span className="f-nowrap">
        <Icon size={14} aria-hidden /> {t(`schedules.messageStates.${status}`, { count: tries })}
      </span>{' '}
      {status === 'open' && tries > 0 && <RelativeTime at={nextTryAt} />}
      {error && <div className="f-quiet f-break">{error}</div>}
    </>
  )
}
