// The frame of a container, with a pager through its items; and the frame of one branch.
import { Button } from 'antd'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useText } from '../i18n/use-language.ts'
import { StatusIcon } from '../ui/status-badge.tsx'
import { statusLook } from '../ui/status-legend.ts'
import { toneVariables } from '../ui/tokens.ts'
import type { ModelNode } from './model.ts'
import { CardNumber } from './node-card.tsx'
import type { CardLook } from './shown.ts'
import { TypeIcon } from './type-icon.tsx'

interface FrameProps extends CardLook {
  onPage: ((run: string, key: string) => void) | undefined
}

export function ContainerFrame({ node, selected, linked, inTabOrder, onPage }: FrameProps) {
  const { t } = useTranslation()
  const text = useText()
  const look = node.status ? statusLook(node.status) : undefined
  const facts = [text(node.typeTitle), ...(look ? [t(look.text)] : [])]
  return (
    <div
      className={`f-frame${look ? ' f-toned' : ''}`}
      style={look ? toneVariables(look.tone) : undefined}
      data-selected={selected || undefined}
      data-linked={linked || undefined}
      data-status={node.status}
    >
      <div className="f-frame-head">
        <button
          type="button"
          className="f-frame-title"
          data-node={node.id}
          aria-pressed={selected}
          tabIndex={inTabOrder ? 0 : -1}
        >
          <CardNumber number={node.number} />
          <TypeIcon icon={node.icon} group={node.group} size={14} />
          <span className="f-card-title">
            {node.title}
            <span className="f-heard">, {facts.join(', ')}</span>
          </span>
        </button>
        {node.pager && node.runId && onPage && (
          <Pager pager={node.pager} onPage={(key) => onPage(node.runId ?? '', key)} />
        )}
        {node.status && <StatusIcon status={node.status} />}
      </div>
    </div>
  )
}

interface PagerProps {
  pager: NonNullable<ModelNode['pager']>
  onPage: (key: string) => void
}

function Pager({ pager, onPage }: PagerProps) {
  const { t } = useTranslation()
  const position = pager.keys.indexOf(pager.current)
  const go = (to: number) => () => {
    const key = pager.keys[to]
    if (key !== undefined) onPage(key)
  }
  return (
    <span className="f-pager nopan">
      <Button
        type="text"
        size="small"
        icon={<ChevronLeft size={14} />}
        aria-label={t('canvas.previousItem')}
        disabled={position <= 0}
        onClick={go(position - 1)}
      />
      <span className="f-num">
        {position + 1}/{pager.keys.length}
      </span>
      <Button
        type="text"
        size="small"
        icon={<ChevronRight size={14} />}
        aria-label={t('canvas.nextItem')}
        disabled={position >= pager.keys.length - 1}
        onClick={go(position + 1)}
      />
    </span>
  )
}

export function BranchFrame({ node }: { node: ModelNode }) {
  return (
    <div className="f-frame f-frame-branch">
      <div className="f-frame-head">
        <span className="f-chip">{node.title}</span>
      </div>
    </div>
  )
}
