// One record: its fields, and the workflows that may be run on it.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Drawer } from 'antd'
import { Play } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Collection } from '../../../api/contract/collections.ts'
import { RecordFields } from '../../association/record-fields.tsx'
import { recordQuery, workflowsQuery } from '../../data/queries.ts'
import { Loaded } from '../../ui/messages.tsx'
import { NotFound } from '../../ui/not-found.tsx'

interface DrawerProps {
  collection: Collection
  id: string
  onClose: () => void
}

export function RecordDrawer({ collection, id, onClose }: DrawerProps) {
  const { t } = useTranslation()
  const query = useQuery(recordQuery(collection.key, id))
  const record = query.data
  return (
    <Drawer open onClose={onClose} title={record?.label ?? id} size={480} mask={false}>
      <Loaded
        query={query}
        missing={<NotFound back={<Button onClick={onClose}>{t('common.close')}</Button>} />}
      >
        {() => (
          <div className="f-stack">
            <RecordFields collection={collection.key} id={id} />
            <RunOnThis collection={collection.key} id={id} />
            <Link to="/executions" search={{ target: `${collection.key}:${id}` }}>
              {t('data.executions')}
            </Link>
          </div>
        )}
      </Loaded>
    </Drawer>
  )
}

function RunOnThis({ collection, id }: { collection: string; id: string }) {
  const { t } = useTranslation()
  const query = useInfiniteQuery(
    workflowsQuery({ grant: 'run', state: 'published', kind: 'main', limit: 200 }),
  )
  const fitting = (query.data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter((workflow) => workflow.targetCollection === collection)
  if (fitting.length === 0) return null
  return (
    <section className="f-section">
      <h3>{t('data.runOnThis')}</h3>
      {fitting.map((workflow) => (
        <Link
          key={workflow.key}
          to="/run/$workflow"
          params={{ workflow: workflow.key }}
          search={{ target: `${collection}:${id}` }}
        >
          <Play size={14} aria-hidden /> {workflow.title}
        </Link>
      ))}
    </section>
  )
}
