import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from './messages.tsx'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <EmptyState
      icon={Compass}
      title={t('notFound.title')}
      text={t('notFound.text')}
      action={<Link to="/">{t('notFound.home')}</Link>}
    />
  )
}
