import { useTranslation } from 'react-i18next'
import type { Batch } from '../../../api/contract/batches.ts'
import { StatusBadge } from '../../ui/status-badge.tsx'

const looks = { running: 'running', paused: 'paused', stopped: 'canceled', completed: 'completed' } as const

/** In the words of batches, with the looks of executions. */
export function BatchState({ batch: { state, counts } }: { batch: Batch }) {
  const { t } = useTranslation()
  const someFailed = ['failed', 'error', 'rejected', 'refused', 'canceled'].some((status) => status in counts)
  const isWhole = state === 'completed' && !someFailed
  const look = state === 'completed' && !isWhole ? 'failed' : looks[state]
  return (
    <StatusBadge
      status={look}
      word={t(state === 'completed' && !isWhole ? 'batches.states.someFailed' : `batches.states.${state}`)}
    />
  )
}
