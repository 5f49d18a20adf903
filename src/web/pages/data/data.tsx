import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Input, Select } from 'antd'
import { Database } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Collection } from '../../../api/contract/collections.ts'
import { collectionsQuery, recordsQuery } from '../../data/queries.ts'
import { useText } from '../../i18n/use-language.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LoadMore } from '../../ui/load-more.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { NotFound } from '../../ui/not-found.tsx'
import { useTypedText } from '../../ui/use-typed-text.ts'
import { NoCollections } from './no-collections.tsx'
import { RecordDrawer } from './record-drawer.tsx'
import { RecordTable } from './record-table.tsx'

/** Records of one collection at a time. */
export function Data() {
  const search = useSearch({ from: '/data' })
  const query = useQuery(collectionsQuery)
  const collections = query.data?.items ?? []
  const wanted = search.collection ?? collections[0]?.key
  const collection = collections.find(({ key }) => key === wanted)
  return (
    <Loaded query={query}>
      {() =>
        collection ? (
          <CollectionPage key={collection.key} collection={collection} collections={collections} />
        ) : wanted === undefined ? (
          <NoCollections />
        ) : (
          <NotFound />
        )
      }
    </Loaded>
  )
}

interface PageProps {
  collection: Collection
  collections: readonly Collection[]
}

function CollectionPage({ collection, collections }: PageProps) {
  const { t } = useTranslation()
  const search = useSearch({ from: '/data' })
  const navigate = useNavigate({ from: '/data' })
  const key = collection.key
  const query = useInfiniteQuery(recordsQuery(key, search.q ?? ''))
  const [q, setQ] = useTypedText(
    search.q ?? '',
    (text) => void navigate({ search: { collection: key, ...(text ? { q: text } : {}) }, replace: true }),
  )
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className="f-page">
      <div className="f-filters">
        <CollectionPicker value={key} collections={collections} />
        <Input.Search
          allowClear
          value={q}
          placeholder={t('data.search')}
          aria-label={t('data.search')}
          style={{ width: 260 }}
          onChange={(event) => setQ(event.target.value)}
        />
      </div>
      <div className="f-panel f-scroll-x">
        <Loaded query={query}>
          {() =>
            rows.length > 0 ? (
              <RecordTable collection={collection} rows={rows} selected={search.record} />
            ) : (
              <EmptyState icon={Database} title={t('data.noRecords')} text={t('data.noRecordsText')} />
            )
          }
        </Loaded>
        <LoadMore query={query} />
      </div>
      {search.record !== undefined && (
        <RecordDrawer
          collection={collection}
          id={search.record}
          onClose={() => void navigate({ search: { collection: key, ...(search.q ? { q: search.q } : {}) } })}
        />
      )}
    </div>
  )
}

function CollectionPicker({ value, collections }: { value: string; collections: readonly Collection[] }) {
  const { t } = useTranslation()
  const text = useText()
  const navigate = useNavigate({ from: '/data' })
  return (
    <Select
      value={value}
      aria-label={t('data.collection')}
      style={{ width: 220 }}
      options={collections.map((candidate) => ({ value: candidate.key, label: text(candidate.title) }))}
      onChange={(chosen) => void navigate({ search: { collection: chosen } })}
    />
  )
}
