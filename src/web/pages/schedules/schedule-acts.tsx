// What one may do with a schedule, in its panel and in its row: at once, or after a dialog.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Dropdown, Modal } from 'antd'
import { Ellipsis, type LucideIcon, Pause, Pencil, Play, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  deleteSchedule,
  pauseSchedule,
  type Schedule,
  startSchedule,
} from '../../../api/contract/schedules.ts'
import { api } from '../../data/client.ts'
import { ErrorPanel } from '../../ui/messages.tsx'
import { ScheduleDialog } from './schedule-dialog.tsx'

type Act = Schedule['acts'][number]

const icons: Record<Act, LucideIcon> = { start: Play, pause: Pause, edit: Pencil, delete: Trash2 }

export interface ScheduleActs {
  choose: (act: Act, schedule: Schedule) => void
  /** Of an act that needs no dialog. */
  error: Error | null
  dialog: ReactNode
}

export function useScheduleActs(onGone: (id: string) => void): ScheduleActs {
  const [asked, setAsked] = useState<{ act: 'edit' | 'delete'; schedule: Schedule }>()
  const queries = useQueryClient()
  const send = useMutation({
    mutationFn: ({ act, id }: { act: 'start' | 'pause'; id: string }) =>
      api.call(act === 'start' ? startSchedule : pauseSchedule, { params: { id }, body: {} }),
    onSuccess(_answer, { id }) {
      void queries.invalidateQueries({ queryKey: ['schedules'] })
      void queries.invalidateQueries({ queryKey: ['schedule', id] })
    },
  })
  const close = () => setAsked(undefined)
  return {
    choose(act, schedule) {
      if (act === 'edit' || act === 'delete') setAsked({ act, schedule })
      else send.mutate({ act, id: schedule.id })
    },
    error: send.error,
    dialog:
      asked &&
      (asked.act === 'edit' ? (
        <ScheduleDialog schedule={asked.schedule} onClose={close} onDone={close} />
      ) : (
        <DeleteDialog schedule={asked.schedule} onClose={close} onGone={onGone} />
      )),
  }
}

interface DeleteProps {
  schedule: Schedule
  onClose: () => void
  onGone: (id: string) => void
}

function DeleteDialog({ schedule: { id, name }, onClose, onGone }: DeleteProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => api.call(deleteSchedule, { params: { id } }),
    onSuccess() {
      void queries.invalidateQueries({ queryKey: ['schedules'] })
      onClose()
      onGone(id)
    },
  })
  return (
    <Modal
      open
      title={t('schedules.deleteTitle', { name })}
      okText={t('schedules.acts.delete')}
      okButtonProps={{ danger: true }}
      cancelText={t('common.cancel')}
      confirmLoading={remove.isPending}
      onOk={() => remove.mutate()}
      onCancel={onClose}
    >
      <div className="f-stack">
        <p>{t('schedules.deleteText')}</p>
        {remove.error && <ErrorPanel error={remove.error} />}
      </div>
    </Modal>
  )
}

interface ActsProps {
  schedule: Schedule
  acts: Pick<ScheduleActs, 'choose'>
}

export function ActButtons({ schedule, acts }: ActsProps) {
  const { t } = useTranslation()
  return (
    <div className="f-row">
      {schedule.acts.map((act) => {
        const Icon = icons[act]
        return (
          <Button
            key={act}
            type={act === 'start' ? 'primary' : 'default'}
            danger={act === 'delete'}
            icon={<Icon size={14} />}
            onClick={() => acts.choose(act, schedule)}
          >
            {t(`schedules.acts.${act}`)}
          </Button>
        )
      })}
    </div>
  )
}

export function ActMenu({ schedule, acts }: ActsProps) {
  const { t } = useTranslation()
  if (schedule.acts.length === 0) return null
  const items = schedule.acts.map((act) => {
    const Icon = icons[act]
    return {
      key: act,
      label: t(`schedules.acts.${act}`),
      icon: <Icon size={14} />,
      danger: act === 'delete',
      onClick: ({ domEvent }: { domEvent: { preventDefault: () => void } }) => {
        // Else the key that chose it goes on to the button which the dialog gives the focus to, and closes it.
        domEvent.preventDefault()
        acts.choose(act, schedule)
      },
    }
  })
  return (
    <Dropdown trigger={['click']} autoFocus destroyOnHidden menu={{ items }} placement="bottomRight">
      <Button
        type="text"
        size="small"
        icon={<Ellipsis size={16} />}
        aria-label={t('schedules.actsOf', { name: schedule.name })}
      />
    </Dropdown>
  )
}
