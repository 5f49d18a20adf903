import { useTranslation } from 'react-i18next'
import { type ShownStatus, statusLook } from './status-legend.ts'
import { toneVariables } from './tokens.ts'

const styleClass = (status: ShownStatus): string => {
  const { style } = statusLook(status)
  return style ? ` f-style-${style}` : ''
}

interface BadgeProps {
  status: ShownStatus
  attention?: boolean
  /** Instead of the status's own. */
  word?: string
}

/** Icon, colour and word together. */
export function StatusBadge({ status, attention = false, word }: BadgeProps) {
  const { t } = useTranslation()
  const { icon: Icon, text, tone } = statusLook(status)
  return (
    <span className="f-status">
      <span className={`f-badge${styleClass(status)}`} style={toneVariables(tone)} data-status={status}>
        <Icon size={14} aria-hidden />
        {word ?? t(text)}
      </span>
      {attention && (
        <span className="f-attention">
          <span className="f-attention-dot" aria-hidden />
          {t('status.attention')}
        </span>
      )}
    </span>
  )
}

/** The icon alone, where the word stands beside it or in the accessible name. */
export function StatusIcon({ status, size = 16 }: { status: ShownStatus; size?: number }) {
  const { t } = useTranslation()
  const { icon: Icon, text, tone } = statusLook(status)
  return (
    <span
      className={`f-status-icon${styleClass(status)}`}
      style={toneVariables(tone)}
      data-status={status}
      title={t(text)}
    >
      <Icon size={size} role="img" aria-label={t(text)} />
    </span>
  )
}
