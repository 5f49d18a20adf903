import { Link, useMatches } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useNamedThing } from './thing-name.ts'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** Key of the page's name in the breadcrumbs. */
    crumb?: string
  }
}

/** The way to this page: names of pages, then the thing itself by what the page calls it, else by its id. */
export function Crumbs() {
  const { t } = useTranslation()
  const named = useNamedThing()
  const crumbs = useMatches().flatMap((match) => {
    const { crumb } = match.staticData
    if (crumb) return [{ path: match.pathname, text: t(crumb) }]
    const thing = Object.values(match.params).at(-1)
    // The root and the sections know the parameter too; it belongs to the page that names it.
    if (thing === undefined || !match.fullPath.includes('$')) return []
    return [{ path: match.pathname, text: named?.thing === thing ? named.name : String(thing) }]
  })
  const title = crumbs.map((crumb) => crumb.text).reverse()
  const documentTitle = [...title, 'Fermata'].join(' · ')
  useEffect(() => {
    document.title = documentTitle
  }, [documentTitle])
  return (
    <nav aria-label={t('nav.crumbs')} className="f-grow">
      <ol className="f-crumbs">
        {crumbs.map((crumb, index) => (
          <li key={crumb.path}>
            {index === crumbs.length - 1 ? (
              <span aria-current="page">{crumb.text}</span>
            ) : (
              <Link to={crumb.path}>{crumb.text}</Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
