import { Link, useMatches } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** Key of the page's name in the breadcrumbs. */
    crumb?: string
  }
}

/** The way to this page: names of pages, then the thing itself by its id. */
export function Crumbs() {
  const { t } = useTranslation()
  const crumbs = useMatches().flatMap((match) => {
    const { crumb } = match.staticData
    if (crumb) return [{ path: match.pathname, text: t(crumb) }]
    const thing = Object.values(match.params).at(-1)
    // The root and the sections know the parameter too; it belongs to the page that names it.
    return thing === undefined || !match.fullPath.includes('$')
      ? []
      : [{ path: match.pathname, text: String(thing) }]
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
