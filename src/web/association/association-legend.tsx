import { Check, Layers, Target, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { mostRecords } from './draw.ts'

const fills = [
  ['none', null],
  ['some', '1/2'],
  ['all', <Check key="all" size={13} aria-hidden />],
  ['failed', <X key="failed" size={13} aria-hidden />],
] as const

export function AssociationLegend({ isExecution }: { isExecution: boolean }) {
  const { t } = useTranslation()
  return (
    <div className="f-legend f-rec-legend">
      <h4>{t('canvas.legend')}</h4>
      <ul>
        <Entry mark={<Target size={13} aria-hidden />} text={t('association.target')} isRoot />
        <Entry mark={<span className="f-number">1</span>} text={t('association.legend.number')} />
        <Entry
          mark={<Layers size={13} aria-hidden />}
          text={t('association.legend.group', { count: mostRecords })}
        />
        {isExecution &&
          fills.map(([fill, mark]) => (
            <Entry key={fill} mark={mark} fill={fill} text={t(`association.fills.${fill}`)} />
          ))}
      </ul>
    </div>
  )
}

interface EntryProps {
  mark: ReactNode
  text: string
  fill?: string
  isRoot?: boolean
}

function Entry({ mark, text, fill, isRoot }: EntryProps) {
  return (
    <li className="f-row">
      <span className="f-rec f-rec-sample" data-fill={fill} data-root={isRoot || undefined}>
        {mark}
      </span>
      {text}
    </li>
  )
}
