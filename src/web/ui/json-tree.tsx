// A JSON value to read, fold and copy.
import { Button, Tooltip } from 'antd'
import { ChevronDown, ChevronRight, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

const shownAtOnce = 200

export function JsonTree({ value }: { value: unknown }) {
  const { t } = useTranslation()
  const copy = () => void navigator.clipboard.writeText(JSON.stringify(value, null, 2))
  return (
    <div className="f-json f-code">
      <Tooltip title={t('common.copy')}>
        <Button
          className="f-json-copy"
          type="text"
          size="small"
          icon={<Copy size={14} />}
          aria-label={t('common.copy')}
          onClick={copy}
        />
      </Tooltip>
      <ul>
        <JsonEntry value={value} depth={0} />
      </ul>
    </div>
  )
}

interface EntryProps {
  name?: string
  value: unknown
  depth: number
}

function JsonEntry({ name, value, depth }: EntryProps) {
  const key = name === undefined ? null : <span className="f-json-key">{name}: </span>
  if (typeof value !== 'object' || value === null)
    return (
      <li>
        {key}
        <Scalar value={value} />
      </li>
    )
  return <Branch name={name} value={value} depth={depth} />
}

function Scalar({ value }: { value: unknown }) {
  const kind = value === null ? 'null' : typeof value
  return <span className={`f-json-${kind}`}>{JSON.stringify(value) ?? 'undefined'}</span>
}

function Branch({ name, value, depth }: { name: string | undefined; value: object; depth: number }) {
  const entries = Object.entries(value)
  const [open, setOpen] = useState(depth < 2 && entries.length <= 50)
  const [limit, setLimit] = useState(shownAtOnce)
  const { t } = useTranslation()
  const Chevron = open ? ChevronDown : ChevronRight
  return (
    <li>
      <button type="button" className="f-json-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Chevron size={12} aria-hidden />
        {name !== undefined && <span className="f-json-key">{name}: </span>}
        <span className="f-quiet">
          {Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`}
        </span>
      </button>
      {open && (
        <ul>
          {entries.slice(0, limit).map(([key, item]) => (
            <JsonEntry key={key} name={key} value={item} depth={depth + 1} />
          ))}
          {entries.length > limit && (
            <li>
              <button type="button" className="f-json-fold" onClick={() => setLimit(limit + shownAtOnce)}>
                {t('common.more', { count: entries.length - limit })}
              </button>
            </li>
          )}
        </ul>
      )}
    </li>
  )
}
