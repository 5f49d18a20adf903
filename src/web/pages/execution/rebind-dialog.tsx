// Other records for a node that has not started, or that failed: any its path leads to.
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { ListChecks } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { rebindRun } from '../../../api/contract/node-runs.ts'
import { nodeOf } from '../../../core/run-id.ts'
import { api } from '../../data/client.ts'
import { candidatesQuery } from '../../data/queries.ts'
import { Loaded } from '../../ui/messages.tsx'
import { ActDialog } from './act-dialog.tsx'
import { bindingOf, useExecutionPage } from './context.ts'
import { runTitle } from './labels.ts'
import { RecordChoice } from './record-choice.tsx'

/** `run`: id of the run, or of a node that has not started. */
export function RebindButton({ run }: { run: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <div>
      <Button icon={<ListChecks size={14} />} onClick={() => setOpen(true)}>
        {t('run.acts.rebind')}
      </Button>
      {open && <RebindDialog run={run} onClose={() => setOpen(false)} />}
    </div>
  )
}

export function RebindDialog({ run, onClose }: { run: string; onClose: () => void }) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const { execution } = page.now
  const query = useQuery(candidatesQuery(execution.id, nodeOf(run)))
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () => new Set(bindingOf(page, run)?.records.map(({ id }) => id)),
  )
  return (
    <ActDialog
      act="rebind"
      title={t('act.title.rebind', { title: runTitle(page, run) })}
      text={t('act.text.rebind')}
      verb={t('act.rebindCount', { count: chosen.size })}
      blocked={query.data === undefined}
      send={(reason) => {
        // Only what is still offered: a record may have gone since it was bound.
        const records = (query.data ?? []).map(({ id }) => id).filter((id) => chosen.has(id))
        return api.call(rebindRun, { params: { id: execution.id, run }, body: { ...reason, records } })
      }}
      onClose={onClose}
    >
      <Loaded query={query}>
        {() => <RecordChoice records={query.data ?? []} chosen={chosen} onChange={setChosen} />}
      </Loaded>
    </ActDialog>
  )
}
