// Running what was found risky: one node run, or many with one reason. Only what is shown here is confirmed.
import { Alert } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { confirmRisks } from '../../../api/contract/executions.ts'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { groupRisks, type RiskGroup, seenOf } from '../../../client/risky-runs.ts'
import { api } from '../../data/client.ts'
import { ActDialog } from './act-dialog.tsx'
import { type ExecutionPage, useExecutionPage } from './context.ts'
import { nodeTitle, recordLabel, runTitle } from './labels.ts'
import { RecordChoice } from './record-choice.tsx'
import { RiskList } from './risks.tsx'

interface ConfirmProps {
  runs: readonly NodeRun[]
  onClose: () => void
}

export function ConfirmDialog({ runs, onClose }: ConfirmProps) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  // What stops while one reads is not confirmed along with it.
  const [seen] = useState(() => runs)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(seen.map(({ id }) => id)))
  const { execution } = page.now
  const [first] = seen
  const isOne = seen.length === 1 && first !== undefined
  const title = isOne ? runTitle(page, first.id) : `${execution.workflowTitle} #${execution.id}`
  const picked = seen.filter(({ id }) => chosen.has(id))
  return (
    <ActDialog
      act="confirm"
      title={t('act.title.confirm', { title })}
      text={t('act.text.confirm')}
      verb={isOne ? t('run.acts.confirm') : t('risks.confirmCount', { count: picked.length })}
      danger
      blocked={picked.length === 0}
      send={async (reason) => {
        const body = { ...reason, runs: seenOf(picked) }
        const { refused } = await api.call(confirmRisks, { params: { id: execution.id }, body })
        if (refused.length > 0) throw new Error(refusedText(page, refused, t('risks.refused')))
      }}
      onClose={onClose}
    >
      {groupRisks(seen).map((group) => (
        <Group
          key={group.runs[0]?.id}
          group={group}
          choice={isOne ? undefined : { chosen, onChange: setChosen }}
        />
      ))}
    </ActDialog>
  )
}

const refusedText = (page: ExecutionPage, runs: readonly string[], text: string): string =>
  `${text} ${runs.map((run) => runTitle(page, run)).join(', ')}`

interface GroupProps {
  group: RiskGroup
  /** Undefined when there is nothing to choose. */
  choice: { chosen: ReadonlySet<string>; onChange: (chosen: ReadonlySet<string>) => void } | undefined
}

/** The same found in many is told once. */
function Group({ group: { risks, runs }, choice }: GroupProps) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const records = runs.map(({ id, risksChanged }) => ({
    id,
    label: recordLabel(page, id) ?? id,
    note: risksChanged ? t('risks.changedShort') : undefined,
  }))
  const others = choice && [...choice.chosen].filter((id) => !runs.some((run) => run.id === id))
  const mine = new Set(runs.filter(({ id }) => choice?.chosen.has(id)).map(({ id }) => id))
  return (
    <section className="f-section">
      {choice && <h3>{nodeTitle(page, runs[0]?.id ?? '')}</h3>}
      <Alert type="warning" description={<RiskList risks={risks} />} />
      {choice && (
        <RecordChoice
          records={records}
          chosen={mine}
          onChange={(next) => choice.onChange(new Set([...(others ?? []), ...next]))}
        />
      )}
    </section>
  )
}
