// Filters that are set and have no place in the row, each with a way to take it off.
import { Button, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ExecutionsSearch } from '../../search.ts'
import { changed } from './changed.ts'
import { textOf } from './filter-of.ts'
import type { SearchProps } from './list-head.tsx'

type Name = keyof ExecutionsSearch
const names = [
  'startedBy',
  'trigger',
  'target',
  'version',
  'schedule',
  'batch',
  'parent',
  'failedNode',
  'attention',
  'test',
] as const

export function Chips({ search, onChange }: SearchProps) {
  const { t } = useTranslation()
  const shown = names.filter((name) => search[name] !== undefined)
  if (textOf(search) === '') return null
  const labelOf = (name: (typeof names)[number]): string => {
    const value = search[name] ?? ''
    switch (name) {
      case 'trigger':
        return `${t('executions.trigger')}: ${t(`trigger.${value}`, { defaultValue: value })}`
      case 'attention':
        return t('executions.needsAttention')
      case 'test':
        return t(`executions.testChoices.${value}`)
      case 'parent':
        return `${t('executions.parent')}: #${value}`
      default:
        return `${t(`executions.${name}`)}: ${value}`
    }
  }
  return (
    <div className="f-row">
      {shown.map((name) => (
        <Tag
          key={name}
          closable
          onClose={(event) => {
            event.preventDefault()
            const also: Partial<Record<Name, undefined>> = name === 'parent' ? { parentRun: undefined } : {}
            onChange(changed(search, { [name]: undefined, ...also }))
          }}
        >
          {labelOf(name)}
        </Tag>
      ))}
      <Button type="link" size="small" onClick={() => onChange({})}>
        {t('executions.clear')}
      </Button>
    </div>
  )
}
