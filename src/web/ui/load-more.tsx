import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

interface PagedQuery {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
}

/** The next page of a list, when there is one. */
export function LoadMore({ query }: { query: PagedQuery }) {
  const { t } = useTranslation()
  if (!query.hasNextPage) return null
  return (
    <div className="f-more">
      <Button type="text" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t('common.loadMore')}
      </Button>
    </div>
  )
}
