// What to know and to fill in before the run.
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { JsonObject } from '../../../core/json.ts'
import { LazyForm } from '../../forms/lazy-form.tsx'
import { ErrorPanel, Problems } from '../../ui/messages.tsx'
import { CarriedOver } from './carried-over.tsx'
import { countTouched } from './choices.ts'
import { usePreviewPage } from './context.ts'
import { type Start, unboundTitles } from './use-start.ts'

export const formId = 'inputs'

interface BeforeProps {
  start: Start
  schema: JsonObject | undefined
  inputs: JsonObject
  onInputs: (inputs: JsonObject) => void
  onReady: () => void
}

export function BeforePanel({ start, schema, inputs, onInputs, onReady }: BeforeProps) {
  const { t } = useTranslation()
  return (
    <section className="f-stack" aria-label={t('preview.before')}>
      <h2>{t('preview.before')}</h2>
      {start.error !== null && <ErrorPanel error={start.error} title={t('preview.notStarted')} />}
      <CarriedOver schema={schema} />
      <Touched />
      <Warnings />
      {schema && (
        <div className="f-section">
          <h3>{t('preview.inputs')}</h3>
          <LazyForm
            id={formId}
            schema={schema}
            value={inputs}
            onChange={onInputs}
            onSubmit={start.run}
            disabled={start.isPending}
            onReady={onReady}
          />
        </div>
      )}
    </section>
  )
}

/** How many records of what. */
function Touched() {
  const { t } = useTranslation()
  const { preview, worked, titleOf } = usePreviewPage()
  if (!preview?.target) return null
  const touched = [...countTouched(preview.bindings, worked)]
  const parts = touched.map(([collection, count]) => `${titleOf(collection)} ${count}`)
  return (
    <p>
      {t('preview.touches', { count: touched.reduce((sum, [, count]) => sum + count, 0) })}
      {parts.length > 0 && <span className="f-quiet">: {parts.join(', ')}</span>}
    </p>
  )
}

function Warnings() {
  const { t } = useTranslation()
  const { preview, nodes, worked } = usePreviewPage()
  if (!preview) return null
  const wrong = preview.warnings.filter((warning) => warning.code !== 'nothing-bound')
  const unbound = unboundTitles(worked, nodes)
  return (
    <>
      {wrong.length > 0 && (
        <Alert
          type="error"
          showIcon
          title={t('preview.warnings', { count: wrong.length })}
          description={
            <Problems
              problems={wrong.map(({ node, ...rest }) => ({
                ...rest,
                node: nodes.get(node ?? '')?.title ?? node,
              }))}
            />
          }
        />
      )}
      {unbound.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('preview.runAnywayText', { count: unbound.length })}
          description={<TitleList titles={unbound} />}
        />
      )}
    </>
  )
}

const TitleList = ({ titles }: { titles: readonly string[] }) => (
  <ul className="f-problems">
    {titles.map((title) => (
      <li key={title}>{title}</li>
    ))}
  </ul>
)
