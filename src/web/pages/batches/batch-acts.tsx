// What may be done with a batch now; each asks for a reason, stopping also what becomes of what is under way.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Modal } from 'antd'
import { CircleStop, type LucideIcon, Pause, Play, RotateCw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Batch, pauseBatch, resumeBatch, retryBatch, stopBatch } from '../../../api/contract/batches.ts'
import { api } from '../../data/client.ts'
import { ErrorPanel } from '../../ui/messages.tsx'
import { lacksReason, ReasonField, reasonOf } from '../../ui/reason-field.tsx'
import { countOf } from './target-look.ts'

type Act = Batch['acts'][number]
const icons: Record<Act, LucideIcon> = { pause: Pause, resume: Play, retry: RotateCw, stop: CircleStop }
const primaryActs: readonly Act[] = ['resume', 'retry']

export function BatchActs({ batch }: { batch: Batch }) {
  const { t } = useTranslation()
  const [act, setAct] = useState<Act>()
  const primary = primaryActs.find((candidate) => batch.acts.includes(candidate))
  return (
    <div className="f-row">
      {batch.acts.map((legal) => {
        const Icon = icons[legal]
        return (
          <Button
            key={legal}
            type={legal === primary ? 'primary' : 'default'}
            danger={legal === 'stop'}
            icon={<Icon size={14} />}
            onClick={() => setAct(legal)}
          >
            {t(`batches.acts.${legal}`)}
          </Button>
        )
      })}
      {act && <ActDialog batch={batch} act={act} onClose={() => setAct(undefined)} />}
    </div>
  )
}

interface DialogProps {
  batch: Batch
  act: Act
  onClose: () => void
}

function ActDialog({ batch, act, onClose }: DialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const [terminate, setTerminate] = useState(false)
  const send = useMutation({
    mutationFn: () => sendAct(batch.id, act, { reason, terminate }),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: ['batch', batch.id] })
      onClose()
    },
  })
  const failed = countOf(batch, 'failed') + countOf(batch, 'canceled') + batch.attention
  const live = countOf(batch, 'live')
  const isMute = lacksReason(act, reason)
  return (
    <Modal
      open
      title={t(`batches.actTitles.${act}`, { title: batch.workflowTitle })}
      okText={t(`batches.acts.${act}`)}
      cancelText={t('common.cancel')}
      okButtonProps={{
        danger: act === 'stop',
        disabled: isMute,
        ...(isMute ? { title: t('act.sayWhy') } : {}),
      }}
      confirmLoading={send.isPending}
      onOk={() => send.mutate()}
      onCancel={onClose}
    >
      <div className="f-stack">
        <p>{t(`batches.actTexts.${act}`, { count: act === 'retry' ? failed : live })}</p>
        {act === 'stop' && live > 0 && (
          <Checkbox checked={terminate} onChange={(event) => setTerminate(event.target.checked)}>
            {t('batches.terminateToo', { count: live })}
          </Checkbox>
        )}
        <ReasonField act={act} value={reason} onChange={setReason} hint={t('batches.reasonHint')} />
        {send.error && <ErrorPanel error={send.error} title={t('act.refused')} />}
      </div>
    </Modal>
  )
}

function sendAct(id: string, act: Act, { terminate, reason }: { reason: string; terminate: boolean }) {
  const params = { id }
  const body = reasonOf(reason)
  switch (act) {
    case 'pause':
      return api.call(pauseBatch, { params, body })
    case 'resume':
      return api.call(resumeBatch, { params, body })
    case 'retry':
      return api.call(retryBatch, { params, body })
    case 'stop':
      return api.call(stopBatch, { params, body: { reason: reason.trim(), terminate } })
  }
}
