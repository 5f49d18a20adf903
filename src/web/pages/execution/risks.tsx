// What was found dangerous: told where it is decided on, and kept with the attempt.
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { useText } from '../../i18n/use-language.ts'

export function Risks({ run: { risks = [], acts } }: { run: NodeRun }) {
  const { t } = useTranslation()
  const text = useText()
  if (risks.length === 0) return null
  return (
    <Alert
      type="warning"
      showIcon
      title={t(acts.includes('confirm') ? 'risks.title' : 'risks.past')}
      description={
        <ul className="f-risks">
          {risks.map(({ rule, message, found, line }) => (
            <li key={`${rule}:${line}:${found}`}>
              {text(message)}
              <span className="f-quiet"> · {t('risks.line', { line })}</span>
              <code>{found}</code>
            </li>
          ))}
        </ul>
      }
    />
  )
}
