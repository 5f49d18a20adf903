// One record: its label, its collection, the numbers of the nodes bound to it, and how far they are.
import { Check, Target, X } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { DrawnNode } from '../canvas/structure.ts'
import { useAssociationActs } from './acts.ts'
import type { RecordBox } from './draw.ts'
import type { BoxFacts } from './record-boxes.ts'
import { fillOf, type RecordProgress } from './record-progress.ts'

export const RecordCard = memo(function RecordCard(props: BoxFacts & { box: RecordBox }) {
  const { box, selected, linked, inTabOrder, boundBy, progress } = props
  const { key, record, isRoot } = box
  const { t } = useTranslation()
  const { select, hover, titleOf } = useAssociationActs()
  const collection = titleOf(record.collection)
  const names = useBoundNames(boundBy, progress)
  const heard = [isRoot && t('association.target'), names].filter(Boolean).join(', ')
  return (
    <button
      type="button"
      className="f-rec"
      data-box={key}
      data-root={isRoot || undefined}
      data-linked={linked || undefined}
      data-fill={progress && fillOf(progress)}
      aria-pressed={selected}
      title={record.label}
      tabIndex={inTabOrder ? 0 : -1}
      onClick={() => select(selected ? undefined : key)}
      onMouseEnter={() => hover([key])}
      onMouseLeave={() => hover(undefined)}
    >
      <span className="f-rec-line">
        {isRoot && <Target size={13} aria-hidden />}
        <span className="f-rec-label">{record.label}</span>
        <FillMark progress={progress} />
      </span>
      <span className="f-rec-line">
        <span className="f-rec-kind">
          {collection}
          {heard && <span className="f-heard">, {heard}</span>}
        </span>
        <Numbers boundBy={boundBy} />
      </span>
    </button>
  )
})

/** "bound by 2 Restart, 3 Look, 1 of 2 done" for those who hear the graph. */
export function useBoundNames(boundBy: readonly DrawnNode[], progress: RecordProgress | undefined): string {
  const { t } = useTranslation()
  if (boundBy.length === 0) return ''
  const names = boundBy.map((node) => `${node.number} ${node.title}`).join(', ')
  const bound = t('association.boundBy', { names })
  if (!progress) return bound
  const { done, failed, total } = progress
  const parts = [bound, t('association.done', { done, count: total })]
  return [...parts, failed > 0 && t('association.failed', { count: failed })].filter(Boolean).join(', ')
}

const shownNumbers = 5

export function Numbers({ boundBy }: { boundBy: readonly DrawnNode[] }) {
  if (boundBy.length === 0) return null
  const shown = boundBy.length > shownNumbers ? boundBy.slice(0, shownNumbers - 1) : boundBy
  return (
    <span className="f-rec-numbers" title={boundBy.map((node) => `${node.number} ${node.title}`).join('\n')}>
      {shown.map((node) => (
        <span key={node.id} className="f-number" aria-hidden>
          {node.number}
        </span>
      ))}
      {shown.length < boundBy.length && (
        <span className="f-quiet" aria-hidden>
          +{boundBy.length - shown.length}
        </span>
      )}
    </span>
  )
}

/** Colour never stands alone. */
export function FillMark({ progress }: { progress: RecordProgress | undefined }) {
  const fill = progress && fillOf(progress)
  if (!progress || fill === undefined || fill === 'none') return null
  return (
    <span className="f-rec-mark f-num" aria-hidden>
      {fill === 'failed' && <X size={13} />}
      {fill === 'all' && <Check size={13} />}
      {fill === 'some' && `${progress.done}/${progress.total}`}
    </span>
  )
}
