import { useTranslation } from 'react-i18next'
import { StatusBadge } from '../ui/status-badge.tsx'
import { type ShownStatus, statusLegend } from '../ui/status-legend.ts'

/** Every status with its icon, colour and word; serves the whole application. */
export function Legend() {
  const { t } = useTranslation()
  return (
    <div className="f-legend">
      <h4>{t('canvas.legend')}</h4>
      <ul>
        {(Object.keys(statusLegend) as ShownStatus[]).map((status) => (
          <li key={status}>
            <StatusBadge status={status} />
          </li>
        ))}
      </ul>
      <p className="f-quiet">{t('canvas.legendEdges')}</p>
    </div>
  )
}
