// The other executions of the workflow: the one before, the one after, and any of the recent ones.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Checkbox, Input, Popover } from 'antd'
import { ChevronLeft, ChevronRight, History } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExecutionSummary } from '../../../api/contract/executions.ts'
import { executionsQuery, meQuery, surroundingsQuery } from '../../data/queries.ts'
import { LinkButton } from '../../ui/link-button.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { shownExecutionStatus } from '../../ui/status-legend.ts'
import { RelativeTime } from '../../ui/times.tsx'
import { useTypedText } from '../../ui/use-typed-text.ts'

export function Neighbours({ execution }: { execution: ExecutionSummary }) {
  const { t } = useTranslation()
  const { data } = useQuery(surroundingsQuery(execution.id))
  return (
    <span className="f-row f-neighbours">
      <Neighbour id={data?.previous?.id} label={t('execution.previous')} icon={<ChevronLeft size={14} />} />
      <Popover
        trigger="click"
        placement="bottom"
        destroyOnHidden
        title={t('execution.others')}
        content={<Others execution={execution} />}
      >
        <Button size="small" type="text" icon={<History size={14} />} aria-label={t('execution.others')} />
      </Popover>
      <Neighbour id={data?.next?.id} label={t('execution.next')} icon={<ChevronRight size={14} />} />
    </span>
  )
}

function Neighbour({ id, label, icon }: { id: string | undefined; label: string; icon: React.ReactNode }) {
  if (id === undefined) return <Button size="small" type="text" disabled icon={icon} aria-label={label} />
  return (
    <LinkButton
      size="small"
      to="/executions/$id"
      params={{ id }}
      icon={icon}
      aria-label={label}
      title={label}
    />
  )
}

/** The twenty newest that fit; the current one is marked. */
function Others({ execution }: { execution: ExecutionSummary }) {
  const { t } = useTranslation()
  const [q, setQ] = useState('')
  const [typed, setTyped] = useTypedText(q, setQ)
  const [mine, setMine] = useState(false)
  const me = useQuery(meQuery)
  const query = useInfiniteQuery(
    executionsQuery({
      workflow: execution.workflow,
      limit: 20,
      ...(q.trim() ? { q: q.trim() } : {}),
      ...(mine && me.data ? { startedBy: me.data.name } : {}),
    }),
  )
  const found = query.data?.pages[0]?.items ?? []
  return (
    <div className="f-stack f-others">
      <div className="f-row">
        <Input
          size="small"
          className="f-grow"
          allowClear
          autoFocus
          aria-label={t('execution.searchOthers')}
          placeholder={t('execution.searchOthers')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Checkbox checked={mine} onChange={(event) => setMine(event.target.checked)}>
          {t('execution.onlyMine')}
        </Checkbox>
      </div>
      <Loaded query={query}>
        {() =>
          found.length === 0 ? (
            <p className="f-quiet">{t('execution.noOthers')}</p>
          ) : (
            <ul className="f-others-list">
              {found.map((other) => (
                <Other key={other.id} other={other} isCurrent={other.id === execution.id} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  )
}

function Other({ other, isCurrent }: { other: ExecutionSummary; isCurrent: boolean }) {
  return (
    <li data-selected={isCurrent || undefined}>
      <StatusBadge status={shownExecutionStatus(other)} />
      <Link to="/executions/$id" params={{ id: other.id }} className="f-grow">
        #{other.id} v{other.version} {other.target?.label}
      </Link>
      <span className="f-quiet">{other.startedBy}</span>
      <span className="f-quiet">
        <RelativeTime at={other.startedAt ?? other.createdAt} />
      </span>
    </li>
  )
}
