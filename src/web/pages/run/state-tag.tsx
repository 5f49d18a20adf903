import { Ban, CircleCheck, PencilLine } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Workflow } from '../../../api/contract/workflows.ts'
import { toneVariables } from '../../ui/tokens.ts'

const looks = {
  published: { icon: CircleCheck, tone: 'green' },
  draft: { icon: PencilLine, tone: 'grey' },
  disabled: { icon: Ban, tone: 'red' },
} as const

/** Whether a workflow may be run: icon, colour and word together. */
export function StateTag({ state }: { state: Workflow['state'] }) {
  const { t } = useTranslation()
  const { icon: Icon, tone } = looks[state]
  return (
    <span className="f-badge" style={toneVariables(tone)}>
      <Icon size={14} aria-hidden />
      {t(`workflows.states.${state}`)}
    </span>
  )
}
