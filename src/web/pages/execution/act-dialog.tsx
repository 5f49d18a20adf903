import { useMutation } from '@tanstack/react-query'
import { Alert, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorPanel } from '../../ui/messages.tsx'
import { ReasonField, reasonOf } from '../../ui/reason-field.tsx'
import { type ShownStatus, statusLook } from '../../ui/status-legend.ts'
import { useExecutionPage } from './context.ts'
import { ForeignWarning, useForeignWarning } from './foreign-warning.tsx'

interface ActDialogProps {
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
  send: (reason: { reason?: string }) => Promise<unknown>
  onClose: () => void
}

/** Every act asks for a reason, tells what went wrong in place, and closes only once it is done. */
export function ActDialog(props: ActDialogProps) {
  const { title, text, verb, danger = false, blocked = false, changed, children, send, onClose } = props
  const { t } = useTranslation()
  const { acted } = useExecutionPage()
  const [reason, setReason] = useState('')
  const warning = useForeignWarning()
  const act = useMutation({
    mutationFn: () => send(reasonOf(reason)),
    onSuccess: () => {
      warning.seen()
      acted()
      onClose()
    },
  })
  const isLate = changed !== undefined && act.isIdle
  const mayAct = !blocked && !isLate
  return (
    <Modal
      open
      title={title}
      okText={verb}
      cancelText={t('common.cancel')}
      okButtonProps={{ danger, disabled: !mayAct }}
      confirmLoading={act.isPending}
      onOk={() => act.mutate()}
      onCancel={onClose}
    >
      <div className="f-stack">
        <ForeignWarning warning={warning} />
        <p>{text}</p>
        {children}
        <ReasonField
          value={reason}
          onChange={setReason}
          onEnter={() => mayAct && !act.isPending && act.mutate()}
        />
        {isLate && (
          <Alert type="warning" showIcon title={t('act.changed', { status: t(statusLook(changed).text) })} />
        )}
        {act.error && <ErrorPanel error={act.error} title={t('act.refused')} />}
      </div>
    </Modal>
  )
}
