// What was found dangerous: told where it is decided on, and kept with the attempt.
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { useText } from '../../i18n/use-language.ts'

export function Risks({ run: { risks = [], risksChanged, acts } }: { run: NodeRun }) {
  const { t } = useTranslation()
  if (risks.length === 0) return null
  const now = risksChanged ? 'risks.changed' : 'risks.title'
  return (
    <Alert
      type="warning"
      showIcon
      title={t(acts.includes('confirm') ? now : 'risks.past')}
      description={<RiskList risks={risks} />}
    />
  )
}

export function RiskList({ risks }: { risks: NonNullable<NodeRun['risks']> }) {
  const { t } = useTranslation()
  const text = useText()
  return (
    <ul className="f-risks">
      {risks.map(({ rule, message, found, line }) => (
        <li key={`${rule}:${line}:${found}`}>
          {text(message)}
          <span className="f-quiet"> · {t('risks.line', { line })}</span>
          <code>{found}</code>
        </li>
      ))}
    </ul>
  )
}
