// One act on one node run: what it needs besides a reason, and the call.
import { useTranslation } from 'react-i18next'
import { type NodeRun, skipRun } from '../../../api/contract/node-runs.ts'
import { api } from '../../data/client.ts'
import { ActDialog } from './act-dialog.tsx'
import { CompleteDialog } from './complete-dialog.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'
import type { OfferedAct } from './context.ts'
import { RebindDialog } from './rebind-dialog.tsx'
import { RetryDialog } from './retry-dialog.tsx'
import { useTarget } from './use-target.ts'

interface DialogProps {
  act: OfferedAct
  run: NodeRun
  onClose: () => void
}

export function RunActDialog({ act, run, onClose }: DialogProps) {
  if (act === 'retry') return <RetryDialog run={run} onClose={onClose} />
  if (act === 'complete') return <CompleteDialog run={run} onClose={onClose} />
  if (act === 'rebind') return <RebindDialog run={run.id} onClose={onClose} />
  if (act === 'confirm') return <ConfirmDialog runs={[run]} onClose={onClose} />
  return <SkipDialog run={run} onClose={onClose} />
}

function SkipDialog({ run, onClose }: Omit<DialogProps, 'act'>) {
  const { t } = useTranslation()
  const { title, params, guard, changed } = useTarget(run, 'skip')
  const word = run.status === 'waiting' ? 'cutShort' : 'skip'
  return (
    <ActDialog
      act={word}
      title={t(`act.title.${word}`, { title })}
      text={t(`act.text.${word}`)}
      verb={t(`run.acts.${word}`)}
      changed={changed}
      send={(reason) => api.call(skipRun, { params, body: { ...reason, ...guard } })}
      onClose={onClose}
    />
  )
}
