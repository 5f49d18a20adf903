import { Link } from '@tanstack/react-router'
import { PanelLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { pagesFor } from './console-pages.ts'
import brand from './fermata.svg'
import { usePreference } from './preferences.ts'

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
  return (
    <nav className="f-rail" data-pinned={pinned || undefined} aria-label={t('nav.label')}>
      <div className="f-rail-body">
        <Link to="/" className="f-rail-brand">
          <img src={brand} alt="" />
          Fermata
        </Link>
        {pagesFor(permissions).map(({ to, icon: Icon, text }) => (
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
