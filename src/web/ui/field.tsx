import { type ReactNode, useId } from 'react'

interface FieldProps {
  label: string
  className?: string
  /** Draws the control with this id. */
  children: (id: string) => ReactNode
}

/** A control under its label. */
export function Field({ label, className, children }: FieldProps) {
  const id = useId()
  return (
    <div className={className ?? 'f-section'}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  )
}
