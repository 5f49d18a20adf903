// One act on one node run: what it needs besides a reason, and the call.
import { Checkbox, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseRun, confirmRun, type NodeRun, retryRun, skipRun } from '../../../api/contract/node-runs.ts'
import { itemId, nodeOf } from '../../../core/run-id.ts'
import { isFailure } from '../../../core/statuses.ts'
import { api } from '../../data/client.ts'
import { ActDialog } from './act-dialog.tsx'
import { CompleteDialog } from './complete-dialog.tsx'
import { bindingOf, useExecutionPage } from './context.ts'
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
  if (act === 'choose') return <ChooseDialog run={run} onClose={onClose} />
  return <PlainDialog act={act} run={run} onClose={onClose} />
}

export type PartProps = Omit<DialogProps, 'act'>

function PlainDialog({ act, run, onClose }: PartProps & { act: 'skip' | 'confirm' }) {
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
    />
  )
}

function RetryDialog({ run, onClose }: PartProps) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const { title, params, guard } = useTarget(run)
  const failed = (bindingOf(page, run.id)?.records ?? []).filter((record) => {
    const item = page.last.get(itemId(run.id, record.id))
    return item !== undefined && isFailure(item.status)
  })
  const [chosen, setChosen] = useState(failed.map((record) => record.id))
  return (
    <ActDialog
      title={t('act.title.retry', { title })}
      text={failed.length > 0 ? t('act.text.retryRecords') : t('act.text.retryRun')}
      verb={failed.length > 0 ? t('act.retryCount', { count: chosen.length }) : t('run.acts.retry')}
      blocked={failed.length > 0 && chosen.length === 0}
      send={(reason) => {
        const records = failed.length > 0 ? { records: chosen } : {}
        return api.call(retryRun, { params, body: { ...reason, ...guard, ...records } })
      }}
      onClose={onClose}
    >
      {failed.length > 0 && (
        <Checkbox.Group
          className="f-checks"
          value={chosen}
          onChange={(values) => setChosen(values.map(String))}
          options={failed.map((record) => ({ value: record.id, label: record.label }))}
        />
      )}
    </ActDialog>
  )
}

function ChooseDialog({ run, onClose }: PartProps) {
  const { t } = useTranslation()
  const { nodes } = useExecutionPage()
  const { title, params, guard } = useTarget(run)
  const options = run.wait?.options ?? nodes.get(nodeOf(run.id))?.ports ?? []
  const [port, setPort] = useState<string>()
  return (
    <ActDialog
      title={t('act.title.choose', { title })}
      text={t('act.text.choose')}
      verb={t('run.acts.choose')}
      blocked={port === undefined}
      send={(reason) => api.call(chooseRun, { params, body: { ...reason, ...guard, port: port ?? '' } })}
      onClose={onClose}
    >
      <Radio.Group
        orientation="vertical"
        aria-label={t('act.port')}
        value={port}
        onChange={(event) => setPort(String(event.target.value))}
        options={options.map((option) => ({ value: option, label: option }))}
      />
    </ActDialog>
  )
}
