import { Input } from 'antd'
import { Search } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { matchKeys, pressedKey } from '../shortcuts/shortcuts.ts'

interface FieldProps {
  typed: string
  onType: (typed: string) => void
  /** Ids of the list and of what is chosen in it, while there is something. */
  list: string
  option: string | undefined
  onStep: (by: 1 | -1) => void
  onChoose: () => void
  onClose: () => void
}

/** Keeps the focus; its keys walk the list below. */
export function PaletteField({ typed, onType, list, option, ...keys }: FieldProps) {
  const { t } = useTranslation()
  return (
    <Input
      autoFocus
      variant="borderless"
      prefix={<Search size={16} aria-hidden />}
      placeholder={t('palette.hint')}
      role="combobox"
      aria-label={t('palette.title')}
      aria-autocomplete="list"
      aria-expanded={option !== undefined}
      {...(option ? { 'aria-controls': list, 'aria-activedescendant': option } : {})}
      value={typed}
      onChange={(event) => onType(event.target.value)}
      onKeyDown={(event) => onKey(event, keys)}
    />
  )
}

type Does = Pick<FieldProps, 'onStep' | 'onChoose' | 'onClose'>

function onKey(event: KeyboardEvent, does: Does): void {
  // Enter and arrows choose among the characters while Chinese is written.
  if (event.nativeEvent.isComposing) return
  const act = actOf(pressedKey(event), does)
  if (!act) return
  event.preventDefault()
  act()
}

function actOf(key: string | undefined, { onStep, onChoose, onClose }: Does): (() => void) | undefined {
  if (key === undefined) return undefined
  if (key === 'ArrowDown') return () => onStep(1)
  if (key === 'ArrowUp') return () => onStep(-1)
  if (key === 'Enter') return onChoose
  // What opens it closes it.
  return matchKeys([key]) === 'palette' ? onClose : undefined
}
