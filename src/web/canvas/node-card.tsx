// The card of a node: 200 × 56, the same in preview and execution.
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { useText } from '../i18n/use-language.ts'
import { StatusIcon } from '../ui/status-badge.tsx'
import { statusLook } from '../ui/status-legend.ts'
import { Countdown, Elapsed } from '../ui/times.tsx'
import { toneVariables } from '../ui/tokens.ts'
import type { ModelNode } from './model.ts'
import type { Progress } from './progress.ts'
import type { CardLook } from './shown.ts'
import { TypeIcon } from './type-icon.tsx'

export const NodeCard = memo(function NodeCard({ node, selected, linked, inTabOrder }: CardLook) {
  const look = node.status ? statusLook(node.status) : undefined
  const style = look?.style ? ` f-style-${look.style}` : ''
  const text = useText()
  return (
    <button
      type="button"
      className={`f-card${look ? ' f-toned' : ''}${style}`}
      style={look ? toneVariables(look.tone) : undefined}
      data-node={node.id}
      data-status={node.status}
      data-linked={linked || undefined}
      aria-pressed={selected}
      tabIndex={inTabOrder ? 0 : -1}
    >
      <TypeIcon icon={node.icon} group={node.group} size={18} />
      <CardNumber number={node.number} />
      <span className="f-card-text">
        <span className="f-card-title" title={node.title}>
          {node.title}
          <span className="f-heard">, {node.boundCount !== undefined && `${text(node.typeTitle)}, `}</span>
        </span>
        <span className="f-card-line f-card-subtitle">
          <span className="f-card-kind">{useSubtitle(node)}</span>
          <CardTime node={node} />
          {node.status && <StatusIcon status={node.status} />}
        </span>
      </span>
      {node.run && node.progress && <ProgressBar progress={node.progress} />}
    </button>
  )
})

/** Its parts are heard with pauses between them: "3 · Restart service, Failed, 2 of 3 records". */
export const CardNumber = ({ number }: { number: number }) => (
  <span className="f-card-number f-num">
    {number}
    <span className="f-heard"> ·</span>
  </span>
)

function useSubtitle(node: ModelNode): string {
  const { t } = useTranslation()
  const text = useText()
  if (node.boundCount === undefined) return text(node.typeTitle)
  if (node.boundCount === 0) return t('canvas.nothingBound')
  if (!node.progress || !node.run) return t('canvas.records', { count: node.boundCount })
  return t('canvas.recordsDone', { done: node.progress.done, count: node.progress.total })
}

function CardTime({ node }: { node: ModelNode }) {
  const { run } = node
  if (run?.status === 'waiting' && run.wait?.until) return <Countdown until={run.wait.until} />
  if (run?.status === 'retrying') return <span className="f-num">×{run.attempt}</span>
  if (!run?.startedAt) return null
  return <Elapsed from={run.startedAt} to={run.endedAt} />
}

const segments = [
  ['done', 'green'],
  ['failed', 'red'],
  ['running', 'blue'],
] as const

function ProgressBar({ progress }: { progress: Progress }) {
  return (
    <span className="f-card-progress" aria-hidden>
      {segments.map(([part, tone]) => (
        <span
          key={part}
          style={{ ...toneVariables(tone), width: `${(100 * progress[part]) / progress.total}%` }}
        />
      ))}
    </span>
  )
}
