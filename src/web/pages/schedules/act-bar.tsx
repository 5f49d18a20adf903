// What may be done with the executions that are ticked. Each has its own result; those refused are listed with the reason.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Modal } from 'antd'
import { OctagonX, Pause, Play } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { actOnExecutions } from '../../../api/contract/execution-lists.ts'
import type { ExecutionListItem } from '../../../api/contract/executions.ts'
import { isEnded } from '../../../core/statuses.ts'
import { api } from '../../data/client.ts'
import { Field } from '../../ui/field.tsx'
import { ErrorPanel } from '../../ui/messages.tsx'

type Act = 'pause' | 'resume' | 'terminate'

interface BarProps {
  rows: readonly ExecutionListItem[]
  onDone: () => void
}

const fits: Record<Act, (row: ExecutionListItem) => boolean> = {
  pause: ({ status }) => status === 'running',
  resume: ({ status }) => status === 'paused',
  terminate: ({ status }) => !isEnded(status),
}
const icons = { pause: Pause, resume: Play, terminate: OctagonX } as const
const acts = Object.keys(fits) as Act[]

export function ActBar({ rows, onDone }: BarProps) {
  const { t } = useTranslation()
  const [act, setAct] = useState<Act>()
  const forAct = (one: Act) => rows.filter(fits[one])
  return (
    <section className="f-act-bar" aria-label={t('schedules.chosen', { count: rows.length })}>
      <span className="f-grow f-num">{t('schedules.chosen', { count: rows.length })}</span>
      {acts.map((one) => {
        const Icon = icons[one]
        const { length } = forAct(one)
        return (
          <Button
            key={one}
            icon={<Icon size={14} />}
            danger={one === 'terminate'}
            disabled={length === 0}
            onClick={() => setAct(one)}
          >
            {t(`execution.acts.${one}`)} ({length})
          </Button>
        )
      })}
      <Button type="text" onClick={onDone}>
        {t('schedules.untick')}
      </Button>
      {act && <ActDialog act={act} rows={forAct(act)} onClose={() => setAct(undefined)} onDone={onDone} />}
    </section>
  )
}

interface DialogProps extends BarProps {
  act: Act
  onClose: () => void
}

function ActDialog({ act, rows, onClose, onDone }: DialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const send = useMutation({
    mutationFn: () => {
      const words = reason.trim()
      const ids = rows.map(({ id }) => id)
      return api.call(actOnExecutions, { body: { act, ids, ...(words ? { reason: words } : {}) } })
    },
    onSuccess({ items }) {
      void queries.invalidateQueries({ queryKey: ['executions'] })
      if (items.every(({ done }) => done)) {
        onClose()
        onDone()
      }
    },
  })
  const refused = send.data?.items.filter(({ done }) => !done) ?? []
  return (
    <Modal
      open
      title={t(`schedules.actTitle.${act}`, { count: rows.length })}
      okText={t(`execution.acts.${act}`)}
      cancelText={t(send.data ? 'common.close' : 'common.cancel')}
      okButtonProps={{ danger: act === 'terminate', disabled: send.data !== undefined }}
      confirmLoading={send.isPending}
      onOk={() => send.mutate()}
      onCancel={onClose}
    >
      <div className="f-stack">
        <Field label={t('act.reason')}>
          {(id) => (
            <Input.TextArea
              id={id}
              rows={2}
              maxLength={2000}
              value={reason}
              placeholder={t('act.reasonHint')}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {send.error && <ErrorPanel error={send.error} title={t('act.refused')} />}
        {refused.length > 0 && (
          <ul className="f-problems" role="alert">
            {refused.map(({ id, problem }) => (
              <li key={id}>
                <code>#{id}</code> {problem?.detail ?? t('act.refused')}
              </li>
            ))}
          </ul>
        )}
      </div>
    </Modal>
  )
}
