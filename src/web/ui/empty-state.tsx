import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface EmptyProps {
  icon: LucideIcon
  title: string
  /** What this place is for. */
  text: string
  /** The first act. */
  action?: ReactNode
}

export function EmptyState({ icon: Icon, title, text, action }: EmptyProps) {
  return (
    <div className="f-empty">
      <Icon size={28} strokeWidth={1.5} aria-hidden />
      <h3>{title}</h3>
      <p>{text}</p>
      {action}
    </div>
  )
}
