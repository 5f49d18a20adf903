import { Link, type LinkProps } from '@tanstack/react-router'
import { Database, Home, Inbox, ListTree, type LucideIcon, PanelLeft, Play, Workflow } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import brand from './fermata.svg'
import { usePreference } from './preferences.ts'

interface Item {
  to: NonNullable<LinkProps['to']>
  icon: LucideIcon
  text: string
}

const items: Item[] = [
  { to: '/', icon: Home, text: 'nav.home' },
  { to: '/run', icon: Play, text: 'nav.run' },
  { to: '/executions', icon: ListTree, text: 'nav.executions' },
  { to: '/tasks', icon: Inbox, text: 'nav.tasks' },
  { to: '/workflows', icon: Workflow, text: 'nav.workflows' },
  { to: '/data', icon: Database, text: 'nav.data' },
]

/** 56 px of icons; labels on hover and focus, or pinned open. */
export function Rail({ taskCount }: { taskCount: number }) {
  const { t } = useTranslation()
  const [rail, setRail] = usePreference('rail', 'folded')
  const pinned = rail === 'pinned'
  return (
    <nav className="f-rail" data-pinned={pinned || undefined} aria-label={t('nav.label')}>
      <div className="f-rail-body">
        <Link to="/" className="f-rail-brand">
          <img src={brand} alt="" />
          Fermata
        </Link>
        {items.map(({ to, icon: Icon, text }) => (
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
