// How the batch is to run, and the button that starts it.
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, InputNumber, Select } from 'antd'
import { Play } from 'lucide-react'
import { useReducer, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createBatch, mostTargets } from '../../../api/contract/batches.ts'
import type { WorkflowDetail } from '../../../api/contract/workflows.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import { api } from '../../data/client.ts'
import { LazyForm } from '../../forms/lazy-form.tsx'
import { Field } from '../../ui/field.tsx'
import { ErrorPanel } from '../../ui/messages.tsx'

interface FormProps {
  workflow: WorkflowDetail
  /** Ids, in the order in which they are started. */
  targets: string[]
  conditions: string[]
}

const stopRules = ['never', 'count', 'percent'] as const
type StopRule = (typeof stopRules)[number]

interface Settings {
  parallel: number
  rule: StopRule
  failures: number
}

export function BatchForm({ workflow, targets, conditions }: FormProps) {
  const { t } = useTranslation()
  const [settings, setSettings] = useState<Settings>({ parallel: 10, rule: 'percent', failures: 10 })
  const [inputs, setInputs] = useState<JsonObject>({})
  const [isReady, setReady] = useReducer(() => true, false)
  const start = useStart({ workflow, targets, conditions }, settings)
  const schema = schemaOf(workflow)
  return (
    <div className="f-stack">
      <SettingFields settings={settings} onChange={setSettings} />
      {schema && (
        <div className="f-section">
          <h2>{t('preview.inputs')}</h2>
          <LazyForm
            id="batch-inputs"
            schema={schema}
            value={inputs}
            onChange={setInputs}
            onSubmit={(values) => start.mutate(values)}
            disabled={start.isPending}
            onReady={setReady}
          />
        </div>
      )}
      {start.error && <ErrorPanel error={start.error} title={t('preview.notStarted')} />}
      <Button
        type="primary"
        icon={<Play size={14} />}
        loading={start.isPending}
        disabled={targets.length === 0 || (schema !== undefined && !isReady)}
        {...(schema
          ? { htmlType: 'submit' as const, form: 'batch-inputs' }
          : { onClick: () => start.mutate({}) })}
      >
        {t('batches.start', { count: targets.length })}
      </Button>
    </div>
  )
}

function useStart({ workflow, targets, conditions }: FormProps, { parallel, rule, failures }: Settings) {
  const navigate = useNavigate()
  // The same for every click on this page: a double click makes one batch.
  const [dedupKey] = useState(() => `console-${crypto.randomUUID()}`)
  const stop = { never: {}, count: { stopCount: failures }, percent: { stopPercent: failures } }[rule]
  return useMutation({
    mutationFn: (inputs: JsonObject) =>
      api.call(createBatch, {
        body: { workflow: workflow.key, targets, conditions, inputs, parallel, dedupKey, ...stop },
      }),
    onSuccess: (batch) => void navigate({ to: '/batches/$id', params: { id: batch.id } }),
  })
}

interface SettingsProps {
  settings: Settings
  onChange: (settings: Settings) => void
}

function SettingFields({ settings, onChange }: SettingsProps) {
  const { t } = useTranslation()
  const { parallel, rule, failures } = settings
  return (
    <>
      <Field label={t('batches.parallel')}>
        {(id) => (
          <InputNumber
            id={id}
            min={1}
            max={200}
            precision={0}
            value={parallel}
            onChange={(value) => onChange({ ...settings, parallel: value ?? 10 })}
          />
        )}
      </Field>
      <div className="f-row f-many-rule">
        <Field label={t('batches.stopRule')} className="f-section f-grow">
          {(id) => (
            <Select<StopRule>
              id={id}
              value={rule}
              options={stopRules.map((value) => ({ value, label: t(`batches.stopRules.${value}`) }))}
              onChange={(value) => onChange({ ...settings, rule: value })}
            />
          )}
        </Field>
        {rule !== 'never' && (
          <Field label={t(rule === 'count' ? 'batches.failures' : 'batches.percent')}>
            {(id) => (
              <InputNumber
                id={id}
                min={0}
                max={rule === 'percent' ? 100 : mostTargets}
                precision={0}
                value={failures}
                onChange={(value) => onChange({ ...settings, failures: value ?? 0 })}
              />
            )}
          </Field>
        )}
      </div>
    </>
  )
}

function schemaOf({ document }: WorkflowDetail): JsonObject | undefined {
  const schema = document.inputs
  const properties = isJsonObject(schema) ? schema.properties : undefined
  return isJsonObject(properties) && Object.keys(properties).length > 0 ? (schema as JsonObject) : undefined
}
