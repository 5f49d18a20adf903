// Completing a node run by hand: its output, and the port it leaves by.
import { Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { completeRun, type NodeRun } from '../../../api/contract/node-runs.ts'
import type { Json } from '../../../core/json.ts'
import { nodeOf } from '../../../core/run-id.ts'
import { api } from '../../data/client.ts'
import { Field } from '../../ui/field.tsx'
import { ActDialog } from './act-dialog.tsx'
import { useExecutionPage } from './context.ts'
import { useTarget } from './use-target.ts'

interface PartProps {
  run: NodeRun
  onClose: () => void
}

export function CompleteDialog({ run, onClose }: PartProps) {
  const { t } = useTranslation()
  const { nodes } = useExecutionPage()
  const { title, params, guard, changed } = useTarget(run, 'complete')
  const ports = nodes.get(nodeOf(run.id))?.ports.filter((name) => name !== 'error') ?? []
  const [text, setText] = useState('{}')
  const [port, setPort] = useState(ports[0])
  const output = parseJson(text)
  return (
    <ActDialog
      act="complete"
      title={t('act.title.complete', { title })}
      text={t('act.text.complete')}
      verb={t('run.acts.complete')}
      changed={changed}
      blocked={output === undefined}
      send={(reason) => {
        const answer = { output: output ?? null, ...(ports.length > 1 && port ? { port } : {}) }
        return api.call(completeRun, { params, body: { ...reason, ...guard, ...answer } })
      }}
      onClose={onClose}
    >
      <Field label={t('act.output')}>
        {(id) => (
          <Input.TextArea
            id={id}
            className="f-code"
            rows={5}
            value={text}
            status={output === undefined ? 'error' : ''}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      {output === undefined && <p role="alert">{t('act.notJson')}</p>}
      {ports.length > 1 && (
        <Select
          aria-label={t('act.port')}
          value={port ?? null}
          options={ports.map((name) => ({ value: name, label: name }))}
          onChange={(name) => setPort(name ?? undefined)}
        />
      )}
    </ActDialog>
  )
}

/** `undefined` when the text is no JSON. */
function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
