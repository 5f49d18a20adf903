import { useTranslation } from 'react-i18next'
import type { Batch } from '../../../api/contract/batches.ts'
import { statusLook } from '../../ui/status-legend.ts'
import { toneVariables } from '../../ui/tokens.ts'
import { countOf, groupLook } from './target-look.ts'

const parts = ['completed', 'failed', 'canceled', 'attention', 'asks', 'live'] as const

/** How far a batch is, and how it goes; what has not started is left empty. */
export function ProgressBar({ batch }: { batch: Batch }) {
  const { t } = useTranslation()
  const all = Math.max(1, countOf(batch, 'all'))
  const words = parts
    .filter((part) => countOf(batch, part) > 0)
    .map((part) => `${t(`batches.show.${part}`)} ${countOf(batch, part)}`)
  return (
    <div
      className="f-batch-bar"
      role="img"
      aria-label={words.join(', ') || t('batches.show.not-started')}
      title={words.join(' · ')}
    >
      {parts.map((part) => (
        <span
          key={part}
          data-part={part}
          style={{
            ...toneVariables(part === 'attention' ? 'red' : statusLook(groupLook[part]).tone),
            width: `${(100 * countOf(batch, part)) / all}%`,
          }}
        />
      ))}
    </div>
  )
}
