import { Button, Tooltip } from 'antd'
import { Check, Copy, type LucideIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface CopyProps {
  /** Accessible name and tip: what is copied. */
  label: string
  text: () => string
  icon?: LucideIcon
  className?: string
}

/** Says for a moment that it was done. */
export function CopyButton({ label, text, icon: Icon = Copy, className }: CopyProps) {
  const { t } = useTranslation()
  const [done, setDone] = useState(false)
  useEffect(() => {
    if (!done) return
    const timer = setTimeout(() => setDone(false), 1500)
    return () => clearTimeout(timer)
  }, [done])
  const copy = () => void navigator.clipboard.writeText(text()).then(() => setDone(true))
  return (
    <Tooltip title={done ? t('common.copied') : label}>
      <Button
        type="text"
        size="small"
        {...(className ? { className } : {})}
        icon={done ? <Check size={14} /> : <Icon size={14} />}
        aria-label={label}
        onClick={copy}
      />
    </Tooltip>
  )
}
