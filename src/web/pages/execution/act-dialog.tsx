import { useMutation } from '@tanstack/react-query'
import { Alert, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { mustSayWhy, ReasonedAct } from '../../../api/contract/reasons.ts'
import { ErrorPanel } from '../../ui/messages.tsx'
import { lacksReason, ReasonField, reasonOf } from '../../ui/reason-field.tsx'
import { type ShownStatus, statusLook } from '../../ui/status-legend.ts'
import { useExecutionPage } from './context.ts'
import { ForeignWarning, useForeignWarning } from './foreign-warning.tsx'

/** Always there where it must be: before, the button does nothing. */
type Said<A extends ReasonedAct> = (typeof mustSayWhy)[A] extends true
  ? { reason: string }
  : { reason?: string }

interface ActDialogProps<A extends ReasonedAct> {
  act: A
  /** Names the act and what it is done to. */
  title: string
  /** What will happen. */
  text: string
  verb: string
  danger?: boolean
  /** Something is still missing. */
  blocked?: boolean
  /** What it is done to was changed by somebody else meanwhile: to this. */
  changed?: ShownStatus | undefined
  children?: ReactNode
  send: (reason: Said<A>) => Promise<unknown>
  onClose: () => void
}

/** Every act asks for a reason, some until there is one, tells what went wrong in place, and closes only once it is done. */
export function ActDialog<const A extends ReasonedAct>(props: ActDialogProps<A>) {
  const { act, title, text, verb, danger = false, blocked = false, changed, children, send, onClose } = props
  const { t } = useTranslation()
  const { acted } = useExecutionPage()
  const [reason, setReason] = useState('')
  const warning = useForeignWarning()
  const sending = useMutation({
    mutationFn: () => send(reasonOf(reason) as Said<A>),
    onSuccess: () => {
      warning.seen()
      acted()
      onClose()
    },
  })
  const isLate = changed !== undefined && sending.isIdle
  const isMute = lacksReason(act, reason)
  const mayAct = !blocked && !isLate && !isMute
  return (
    <Modal
      open
      title={title}
      okText={verb}
      cancelText={t('common.cancel')}
      okButtonProps={{ danger, disabled: !mayAct, ...(isMute ? { title: t('act.sayWhy') } : {}) }}
      confirmLoading={sending.isPending}
      onOk={() => sending.mutate()}
      onCancel={onClose}
    >
      <div className="f-stack">
        <ForeignWarning warning={warning} />
        <p>{text}</p>
        {children}
        <ReasonField
          act={act}
          value={reason}
          onChange={setReason}
          onEnter={() => mayAct && !sending.isPending && sending.mutate()}
        />
        {isLate && (
          <Alert type="warning" showIcon title={t('act.changed', { status: t(statusLook(changed).text) })} />
        )}
        {sending.error && <ErrorPanel error={sending.error} title={t('act.refused')} />}
      </div>
    </Modal>
  )
}
