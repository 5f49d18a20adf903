// A decision that waits for a person: the branches, a reason, one button. It opens with its node.
import { useMutation } from '@tanstack/react-query'
import { Button, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseRun, type NodeRun } from '../../../api/contract/node-runs.ts'
import { isJsonObject } from '../../../core/json.ts'
import { nodeOf } from '../../../core/run-id.ts'
import { api } from '../../data/client.ts'
import { ErrorPanel } from '../../ui/messages.tsx'
import { lacksReason, ReasonField } from '../../ui/reason-field.tsx'
import { useExecutionPage } from './context.ts'
import { ForeignWarning, useForeignWarning } from './foreign-warning.tsx'
import { useTarget } from './use-target.ts'

export function ChoosePanel({ run }: { run: NodeRun }) {
  const { t } = useTranslation()
  const titles = useTitles(run)
  const warning = useForeignWarning()
  const options = run.wait?.options ?? [...titles.keys()]
  const [port, setPort] = useState<string>()
  const [reason, setReason] = useState('')
  const isMute = lacksReason('choose', reason)
  const act = useChoice(run, { reason, onDone: warning.seen })
  return (
    <section className="f-choose" aria-label={t('choose.label')}>
      <h3>{questionOf(run) ?? t('choose.title')}</h3>
      <Radio.Group
        className="f-choose-options"
        orientation="vertical"
        aria-label={t('act.port')}
        value={port}
        onChange={(event) => setPort(String(event.target.value))}
        options={options.map((option) => ({ value: option, label: titles.get(option) ?? option }))}
      />
      <ReasonField act="choose" inline value={reason} onChange={setReason} />
      <ForeignWarning warning={warning} />
      <div>
        <Button
          type="primary"
          disabled={port === undefined || isMute}
          title={isMute ? t('act.sayWhy') : undefined}
          loading={act.isPending}
          onClick={() => port !== undefined && act.mutate(port)}
        >
          {port === undefined ? t('run.acts.choose') : t('choose.take', { port: titles.get(port) ?? port })}
        </Button>
      </div>
      {act.error && <ErrorPanel error={act.error} title={t('act.refused')} />}
    </section>
  )
}

/** As the designer asks it, with the values of this execution. */
function questionOf({ input }: NodeRun): string | undefined {
  const question = isJsonObject(input) ? input.question : undefined
  return typeof question === 'string' && question !== '' ? question : undefined
}

/** What the workflow calls the branches, by their ports. */
function useTitles(run: NodeRun): ReadonlyMap<string, string> {
  const { document } = useExecutionPage().now.execution
  const options = document.nodes.find(({ id }) => id === nodeOf(run.id))?.config?.options
  const named = Array.isArray(options) ? options.filter((option) => isJsonObject(option)) : []
  return new Map(named.map(({ name, title }) => [String(name), String(title ?? name)]))
}

function useChoice(run: NodeRun, { reason, onDone }: { reason: string; onDone: () => void }) {
  const { acted } = useExecutionPage()
  const { params, guard } = useTarget(run, 'choose')
  return useMutation({
    mutationFn: (port: string) =>
      api.call(chooseRun, { params, body: { ...guard, port, reason: reason.trim() } }),
    onSuccess: () => {
      onDone()
      acted()
    },
  })
}
