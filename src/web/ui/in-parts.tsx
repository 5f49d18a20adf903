// Long lists are drawn in parts: the page stays quick with ten thousand rows.
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

const partSize = 300

interface InPartsProps<T> {
  rows: readonly T[]
  children: (shown: readonly T[]) => ReactNode
}

export function InParts<T>({ rows, children }: InPartsProps<T>) {
  const { t } = useTranslation()
  const [limit, setLimit] = useState(partSize)
  return (
    <>
      {children(rows.length > limit ? rows.slice(0, limit) : rows)}
      {rows.length > limit && (
        <div className="f-more">
          <Button type="text" onClick={() => setLimit(limit + partSize)}>
            {t('common.more', { count: rows.length - limit })}
          </Button>
        </div>
      )}
    </>
  )
}
