import { CircleCheck, Pause } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Schedule } from '../../../api/contract/schedules.ts'

export function StateMark({ schedule: { state, pausedReason } }: { schedule: Schedule }) {
  const { t } = useTranslation()
  const Icon = state === 'active' ? CircleCheck : Pause
  return (
    <span className="f-nowrap">
      <Icon size={14} aria-hidden />{' '}
      {t(pausedReason ? 'schedules.states.failing' : `schedules.states.${state}`)}
    </span>
  )
}
