import { useMutation } from '@tanstack/react-query'
import { Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorPanel } from '../../ui/messages.tsx'
import { ReasonField, reasonOf } from '../../ui/reason-field.tsx'
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
  children?: ReactNode
  send: (reason: { reason?: string }) => Promise<unknown>
  onClose: () => void
}

/** Every act asks for a reason, tells what went wrong in place, and closes only once it is done. */
export function ActDialog({ title, text, verb, danger, blocked, children, send, onClose }: ActDialogProps) {
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
  return (
    <Modal
      open
      title={title}
      okText={verb}
      cancelText={t('common.cancel')}
      okButtonProps={{ danger: danger ?? false, disabled: blocked ?? false }}
      confirmLoading={act.isPending}
      onOk={() => act.mutate()}
      onCancel={onClose}
    >
      <div className="f-stack">
        <ForeignWarning warning={warning} />
        <p>{text}</p>
        {children}
        <ReasonField value={reason} onChange={setReason} />
        {act.error && <ErrorPanel error={act.error} title={t('act.refused')} />}
      </div>
    </Modal>
  )
}
