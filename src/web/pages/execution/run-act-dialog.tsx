// One act on one node run: what it needs besides a reason, and the call.
import { useTranslation } from 'react-i18next'
import { confirmRun, type NodeRun, skipRun } from '../../../api/contract/node-runs.ts'
import { api } from '../../data/client.ts'
import { ActDialog } from './act-dialog.tsx'
import { CompleteDialog } from './complete-dialog.tsx'
import { RebindDialog } from './rebind-dialog.tsx'
import { RetryDialog } from './retry-dialog.tsx'
import { Risks } from './risks.tsx'
import type { OfferedAct } from './run-acts.tsx'
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
  return <PlainDialog act={act} run={run} onClose={onClose} />
}

function PlainDialog({ act, run, onClose }: DialogProps & { act: 'skip' | 'confirm' }) {
  const { t } = useTranslation()
  const { title, params, guard } = useTarget(run)
  const word = act === 'skip' && run.status === 'waiting' ? 'cutShort' : act
  return (
    <ActDialog
      title={t(`act.title.${word}`, { title })}
      text={t(`act.text.${word}`)}
      verb={t(`run.acts.${word}`)}
      danger={act === 'confirm'}
      send={(reason) =>
        api.call(act === 'skip' ? skipRun : confirmRun, { params, body: { ...reason, ...guard } })
      }
      onClose={onClose}
    >
      {act === 'confirm' && <Risks run={run} />}
    </ActDialog>
  )
}
