// The inspector while nothing is selected: what the execution was given and what it gave.
import { useTranslation } from 'react-i18next'
import { JsonTree } from '../../ui/json-tree.tsx'
import { useExecutionPage } from './context.ts'

export function Overview() {
  const { t } = useTranslation()
  const { execution } = useExecutionPage().live
  return (
    <aside className="f-inspector" aria-label={t('inspector.label')}>
      <h2>{t('inspector.overview')}</h2>
      {execution.document.description && <p className="f-quiet">{execution.document.description}</p>}
      <section className="f-section">
        <h3>{t('inspector.inputs')}</h3>
        {execution.inputs && Object.keys(execution.inputs).length > 0 ? (
          <JsonTree value={execution.inputs} root="inputs" name={`${execution.id}-inputs`} />
        ) : (
          <p className="f-quiet">{t('inspector.noInputs')}</p>
        )}
      </section>
      <section className="f-section">
        <h3>{t('inspector.tabs.output')}</h3>
        {execution.output === undefined ? (
          <p className="f-quiet">{t('inspector.noOutput')}</p>
        ) : (
          <JsonTree value={execution.output} name={`${execution.id}-output`} />
        )}
      </section>
      <p className="f-quiet">{t('inspector.hint')}</p>
    </aside>
  )
}
