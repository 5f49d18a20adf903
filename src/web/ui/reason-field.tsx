import { Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { mustSayWhy, type ReasonedAct } from '../../api/contract/reasons.ts'
import { Field } from './field.tsx'

interface ReasonFieldProps {
  act: ReasonedAct
  value: string
  onChange: (reason: string) => void
  /** What a reason is good for here, unless it is the usual. */
  hint?: string
  /** One line among other things, instead of the place in a dialog where one begins to write. */
  inline?: boolean
  /** Ctrl Enter, as in many dialogs. */
  onEnter?: () => void
}

/** Why somebody does something; it is kept with the act. */
export function ReasonField({ act, value, onChange, hint, inline, onEnter }: ReasonFieldProps) {
  const { t } = useTranslation()
  const common = {
    maxLength: 2000,
    required: mustSayWhy[act],
    value,
    placeholder: hint ?? t('act.reasonHint'),
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
    onPressEnter: (event: { ctrlKey: boolean; metaKey: boolean }) => {
      if (event.ctrlKey || event.metaKey) onEnter?.()
    },
  }
  return (
    <Field label={t(mustSayWhy[act] ? 'act.reasonRequired' : 'act.reason')}>
      {(id) =>
        inline ? <Input id={id} {...common} /> : <Input.TextArea id={id} autoFocus rows={2} {...common} />
      }
    </Field>
  )
}

/** As a request carries it: nothing when nothing was written. */
export const reasonOf = (text: string): { reason?: string } => (text.trim() ? { reason: text.trim() } : {})

/** It must be said why, and was not. */
export const lacksReason = (act: ReasonedAct, text: string): boolean => mustSayWhy[act] && text.trim() === ''
