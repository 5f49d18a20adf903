// Warnings, inputs and the button that starts the execution.
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Alert, Button, Modal } from 'antd'
import { Play } from 'lucide-react'
import { useReducer, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { startExecution } from '../../../api/contract/executions.ts'
import type { Preview } from '../../../api/contract/previews.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import type { DrawnNode } from '../../canvas/structure.ts'
import { api } from '../../data/client.ts'
import { LazyForm } from '../../forms/lazy-form.tsx'
import { ErrorPanel } from '../../ui/messages.tsx'
import { chosenBindings, chosenCounts, countTouched, type Unchecked } from './choices.ts'

interface StartProps {
  preview: Preview
  unchecked: Unchecked
  nodes: ReadonlyMap<string, DrawnNode>
}

/** Of nodes that would have no record to work on. */
function unboundTitles({ preview, unchecked, nodes }: StartProps): string[] {
  const counts = chosenCounts(preview.bindings, unchecked)
  const unbound = Object.keys(counts).filter((node) => counts[node] === 0)
  return unbound.flatMap((id) => nodes.get(id) ?? []).map((node) => `${node.number} · ${node.title}`)
}

function useStart({ preview, unchecked }: StartProps) {
  const navigate = useNavigate()
  // The same for every click on this preview: a double click starts one execution.
  const [dedupKey] = useState(() => `console-${crypto.randomUUID()}`)
  return useMutation({
    mutationFn: (inputs: JsonObject) => {
      const { workflow, version, target } = preview
      const at = target ? { target: { collection: target.collection, id: target.id } } : {}
      const bindings = chosenBindings(preview.bindings, unchecked)
      return api.call(startExecution, {
        body: { workflow, version, inputs, bindings, trigger: 'manual', dedupKey, ...at },
      })
    },
    onSuccess: (execution) => void navigate({ to: '/executions/$id', params: { id: execution.id } }),
  })
}

export function StartPanel(props: StartProps) {
  const { t } = useTranslation()
  const { preview, unchecked, nodes } = props
  const start = useStart(props)
  const [inputs, setInputs] = useState<JsonObject>({})
  const [isReady, setReady] = useReducer(() => true, false)
  const [asking, setAsking] = useState<JsonObject>()
  const titles = unboundTitles(props)
  const schema = schemaOf(preview)
  const run = (values: JsonObject) => (titles.length > 0 ? setAsking(values) : start.mutate(values))
  return (
    <section className="f-stack">
      <Warnings preview={preview} nodes={nodes} />
      {schema && (
        <div className="f-section">
          <h2>{t('preview.inputs')}</h2>
          <LazyForm
            id="inputs"
            schema={schema}
            value={inputs}
            onChange={setInputs}
            onSubmit={run}
            disabled={start.isPending}
            onReady={setReady}
          />
        </div>
      )}
      {start.error && <ErrorPanel error={start.error} title={t('preview.notStarted')} />}
      <RunButton
        isPending={start.isPending}
        isReady={schema === undefined || isReady}
        touched={countTouched(preview.bindings, unchecked)}
        {...(schema ? {} : { onRun: () => run({}) })}
      />
      {asking && (
        <AskAnyway
          titles={titles}
          onRun={() => {
            start.mutate(asking)
            setAsking(undefined)
          }}
          onCancel={() => setAsking(undefined)}
        />
      )}
    </section>
  )
}

interface RunButtonProps {
  isPending: boolean
  isReady: boolean
  /** Different records. */
  touched: number
  /** Absent: the form is submitted, which checks it first. */
  onRun?: () => void
}

function RunButton({ isPending, isReady, touched, onRun }: RunButtonProps) {
  const { t } = useTranslation()
  return (
    <div className="f-row">
      <Button
        type="primary"
        icon={<Play size={14} />}
        loading={isPending}
        disabled={!isReady}
        {...(onRun ? { onClick: onRun } : { htmlType: 'submit', form: 'inputs' })}
      >
        {t('preview.run')}
      </Button>
      <span className="f-quiet">{t('preview.touches', { count: touched })}</span>
    </div>
  )
}

interface AskProps {
  /** Of the nodes with nothing bound. */
  titles: readonly string[]
  onRun: () => void
  onCancel: () => void
}

function AskAnyway({ titles, onRun, onCancel }: AskProps) {
  const { t } = useTranslation()
  return (
    <Modal
      open
      title={t('preview.runAnyway')}
      okText={t('preview.run')}
      cancelText={t('common.cancel')}
      onOk={onRun}
      onCancel={onCancel}
    >
      <p>{t('preview.runAnywayText', { count: titles.length })}</p>
      <ul>
        {titles.map((title) => (
          <li key={title}>{title}</li>
        ))}
      </ul>
    </Modal>
  )
}

function schemaOf(preview: Preview): JsonObject | undefined {
  const schema = preview.document.inputs
  const properties = isJsonObject(schema) ? schema.properties : undefined
  return isJsonObject(properties) && Object.keys(properties).length > 0 ? (schema as JsonObject) : undefined
}

function Warnings({ preview, nodes }: Pick<StartProps, 'preview' | 'nodes'>) {
  const { t } = useTranslation()
  if (preview.warnings.length === 0) return null
  return (
    <Alert
      type="warning"
      showIcon
      title={t('preview.warnings', { count: preview.warnings.length })}
      description={
        <ul className="f-problems">
          {preview.warnings.map((warning) => (
            <li key={`${warning.pointer}${warning.message}`}>
              {warning.node && <strong>{nodes.get(warning.node)?.title ?? warning.node}: </strong>}
              {warning.message}
            </li>
          ))}
        </ul>
      }
    />
  )
}
