// Run again: what this run begins with because another execution had it.
import { Link } from '@tanstack/react-router'
import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { JsonObject } from '../../../core/json.ts'
import { type Carried, usePreviewPage } from './context.ts'

/** Labels told of each node. */
const most = 5

export function CarriedOver({ schema }: { schema: JsonObject | undefined }) {
  const { t } = useTranslation()
  const { carried, choices } = usePreviewPage()
  if (!carried) return null
  const { id, unchecked } = carried
  const isLess = Object.keys(unchecked).length > 0
  const isAnyOff = Object.values(choices.unchecked).some((records) => records.length > 0)
  return (
    <Alert
      type="info"
      showIcon
      title={
        <>
          {t('preview.carried.title')}{' '}
          <Link to="/executions/$id" params={{ id }}>
            #{id}
          </Link>
        </>
      }
      description={
        <>
          {schema && <p>{t('preview.carried.inputs')}</p>}
          {isLess && <p>{t('preview.carried.unchecked')}</p>}
          {isLess && <LeftOut unchecked={unchecked} />}
          {isLess && (
            <Button size="small" disabled={!isAnyOff} onClick={() => choices.change({})}>
              {t('preview.carried.checkAll')}
            </Button>
          )}
        </>
      }
    />
  )
}

function LeftOut({ unchecked }: Pick<Carried, 'unchecked'>) {
  const { t } = useTranslation()
  const { preview, nodes } = usePreviewPage()
  const lines = Object.entries(unchecked).map(([node, records]) => {
    const { number = 0, title = node } = nodes.get(node) ?? {}
    const offered = preview?.bindings.find((one) => one.node === node)?.records ?? []
    const labels = offered.filter((record) => records.includes(record.id)).map(({ label }) => label)
    const more = labels.length > most ? [t('common.more', { count: labels.length - most })] : []
    return { number, text: `${number} · ${title}: ${[...labels.slice(0, most), ...more].join(', ')}` }
  })
  return (
    <ul className="f-problems">
      {lines
        .toSorted((a, b) => a.number - b.number)
        .map(({ text }) => (
          <li key={text}>{text}</li>
        ))}
    </ul>
  )
}
