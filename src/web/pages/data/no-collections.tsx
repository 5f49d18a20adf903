// Nothing is here yet: what collections are for and, to who may make one, how.
import { useQuery } from '@tanstack/react-query'
import { Database } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { meQuery } from '../../data/queries.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { firstCollectionCommand } from './first-collection.ts'

export function NoCollections() {
  const { t } = useTranslation()
  const mayCreate = useQuery(meQuery).data?.permissions.includes('collection.manage')
  return (
    <EmptyState
      icon={Database}
      title={t('data.none')}
      text={t('data.noneText')}
      action={mayCreate && <HowToCreate />}
    />
  )
}

function HowToCreate() {
  const { t } = useTranslation()
  const command = firstCollectionCommand(window.location.origin)
  return (
    <>
      <p>{t('data.createText')}</p>
      <div className="f-command">
        <pre className="f-code">{command}</pre>
        <CopyButton label={t('data.copyCommand')} text={() => command} />
      </div>
      <a href="/api/docs/">{t('data.apiReference')}</a>
    </>
  )
}
