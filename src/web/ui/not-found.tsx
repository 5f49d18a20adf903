import { Link, useMatches } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from './empty-state.tsx'

/** What the address names is not there, or not for this user. `back`: another way than to the list. */
export function NotFound({ back }: { back?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <EmptyState
      icon={Compass}
      title={t('notFound.title')}
      text={t('notFound.text')}
      action={back ?? <BackToList />}
    />
  )
}

/** To the first page of those above this one, without what is searched for there. */
function BackToList() {
  const { t } = useTranslation()
  const section = useMatches().find(({ staticData }) => staticData.crumb !== undefined)
  if (!section?.staticData.crumb) return <Link to="/">{t('notFound.home')}</Link>
  return <Link to={section.pathname}>{t('notFound.back', { page: t(section.staticData.crumb) })}</Link>
}
