// A square for each target, thousands of them: each is drawn again only when its own target has changed.
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, type MouseEvent, memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { BatchTarget } from '../../../api/contract/batches.ts'
import { useWrittenReason } from '../../ui/sentences.ts'
import { statusLook } from '../../ui/status-legend.ts'
import { toneVariables } from '../../ui/tokens.ts'
import { stepFrom } from './square-steps.ts'
import { shownTarget } from './target-look.ts'

export function Squares({ targets }: { targets: readonly BatchTarget[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  /** One listener for all of them; a click with a key held is the browser's. */
  const open = (event: MouseEvent<HTMLElement>) => {
    const id = (event.target as Element).closest<HTMLElement>('[data-execution]')?.dataset.execution
    if (!id || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    void navigate({ to: '/executions/$id', params: { id } })
  }
  return (
    <ul className="f-squares" aria-label={t('batches.targets')} onClick={open} onKeyDown={walk}>
      {targets.map((target, n) => (
        <Square key={target.position} target={target} isFirst={n === 0} />
      ))}
    </ul>
  )
}

/** One stop for the tab key, arrows inside; up and down go by rows, as many squares as stand side by side. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const item = (event.target as Element).closest('li')
  if (!item) return
  const items = [...event.currentTarget.children]
  const at = items.indexOf(item)
  const next = items[stepFrom(event.key, { at, count: items.length, perRow: perRowOf(items) }) ?? -1]
  if (!next) return
  next.querySelector<HTMLElement>('.f-square')?.focus()
  event.preventDefault()
}

const topOf = (item: Element | undefined) => item?.getBoundingClientRect().top

function perRowOf(items: readonly Element[]): number {
  const top = topOf(items[0])
  const second = items.findIndex((item) => topOf(item) !== top)
  return second < 0 ? items.length : second
}

interface SquareProps {
  target: BatchTarget
  isFirst: boolean
}

const Square = memo(function Square({ target, isFirst }: SquareProps) {
  const { t } = useTranslation()
  const shown = shownTarget(target)
  const { icon: Icon, text, tone, style } = statusLook(shown)
  const word = target.status === 'refused' ? t('batches.refused') : t(text)
  const reason = useWrittenReason()(target)
  const title = [target.label, target.attention ? t('status.attention') : word, reason]
    .filter(Boolean)
    .join(' · ')
  const isPlain = shown === 'not-started' || shown === 'completed'
  const facts = {
    className: `f-square${style ? ` f-style-${style}` : ''}`,
    style: toneVariables(target.attention ? 'red' : tone),
    'data-status': target.status,
    'data-attention': target.attention || undefined,
    title,
    'aria-label': title,
    tabIndex: isFirst ? 0 : -1,
  }
  const icon = !isPlain && <Icon size={12} aria-hidden />
  return (
    <li>
      {target.execution ? (
        <a {...facts} data-execution={target.execution} href={`/executions/${target.execution}`}>
          {icon}
        </a>
      ) : (
        <span {...facts} role="img">
          {icon}
        </span>
      )}
    </li>
  )
})
