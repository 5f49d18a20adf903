import { Link, type LinkProps } from '@tanstack/react-router'
import {
  CalendarClock,
  ChartColumn,
  Database,
  Home,
  Inbox,
  ListTree,
  type LucideIcon,
  PanelLeft,
  Play,
  Server,
  Workflow,
} from 'lucide-react'

import { useTranslation } from 'react-i18next'
import brand from './fermata.svg'
import { usePreference } from './preferences.ts'

interface Item {
  to: NonNullable<LinkProps['to']>
  icon: LucideIcon
  text: string
  /** Shown to those who have it. */
  permission?: string
}

const items: Item[] = [
  { to: '/', icon: Home, text: 'nav.home' },
  { to: '/run', icon: Play, text: 'nav.run' },
  { to: '/executions', icon: ListTree, text: 'nav.executions' },
  { to: '/schedules', icon: CalendarClock, text: 'nav.schedules' },
  { to: '/reports', icon: ChartColumn, text: 'nav.reports' },
  { to: '/tasks', icon: Inbox, text: 'nav.tasks' },
  { to: '/workflows', icon: Workflow, text: 'nav.workflows' },
  { to: '/data', icon: Database, text: 'nav.data' },
  { to: '/admin', icon: Server, text: 'nav.admin', permission: 'system.view' },
]

interface RailProps {
  taskCount: number
  /** Of the user. */
  permissions: readonly string[]
}

/** 56 px of icons; labels on hover and focus, or pinned open. */
export function Rail({ taskCount, permissions }: RailProps) {
  const { t } = useTranslation()
  const [rail, setRail] = usePreference('rail', 'folded')
  const pinned = rail === 'pinned'
  const shown = items.filter(({ permission }) => permission === undefined || permissions.includes(permission))
  return (
    <nav className="f-rail" data-pinned={pinned || undefined} aria-label={t('nav.label')}>
      <div className="f-rail-body">
        <Link to="/" className="f-rail-brand">
          <img src={brand} alt="" />
          Fermata
        </Link>
        {shown.map(({ to, icon: Icon, text }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
            <Icon size={16} aria-hidden />
            {t(text)}
            {to === '/tasks' && taskCount > 0 && <span className="f-rail-count f-num">{taskCount}</span>}
          </Link>
        ))}
        <button
          type="button"
          className="f-rail-pin"
          aria-pressed={pinned}
          onClick={() => setRail(pinned ? 'folded' : 'pinned')}
        >
          <PanelLeft size={16} aria-hidden />
          {t(pinned ? 'nav.unpin' : 'nav.pin')}
        </button>
      </div>
    </nav>
  )
}
