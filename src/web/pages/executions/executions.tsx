import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { ArrowUp, ListTree } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExecutionListItem } from '../../../api/contract/executions.ts'
import { meQuery } from '../../data/queries.ts'
import type { ExecutionsSearch } from '../../search.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { useShowLive } from '../../ui/live-mark.ts'
import { LoadMore } from '../../ui/load-more.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { type BulkAct, BulkDialog } from './bulk-dialog.tsx'
import { Chips } from './chips.tsx'
import { ExecutionTable } from './execution-table.tsx'
import { filterOf, textOf } from './filter-of.ts'
import { Filters } from './filters.tsx'
import { ListHead } from './list-head.tsx'
import { Strip } from './strip.tsx'
import { useFreshList } from './use-fresh-list.ts'
import './executions.css'

export function Executions() {
  const search = useSearch({ from: '/executions/' })
  const navigate = useNavigate({ from: '/executions' })
  const me = useQuery(meQuery)
  const change = (next: ExecutionsSearch) => void navigate({ search: next, replace: true })
  return (
    <div className="f-page">
      <ListHead search={search} onChange={change} />
      <div className="f-section">
        <Filters search={search} me={me.data?.name} onChange={change} />
        <Chips search={search} onChange={change} />
      </div>
      <Strip search={search} onChange={change} />
      {/* What was ticked among other rows is ticked no more. */}
      <List key={textOf(search)} search={search} />
    </div>
  )
}

function List({ search }: { search: ExecutionsSearch }) {
  const { t } = useTranslation()
  const [now] = useState(() => Date.now())
  const list = useFreshList(filterOf(search, now))
  useShowLive(list.live)
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const [asked, setAsked] = useState<{ act: BulkAct; rows: ExecutionListItem[] }>()
  const chosen = list.rows.filter(({ id }) => ticked.has(id))
  return (
    <>
      <NewPill list={list} />
      <div className="f-panel" aria-busy={list.query.isPlaceholderData}>
        <Loaded query={list.query}>
          {() =>
            list.rows.length > 0 ? (
              <ExecutionTable
                rows={list.rows}
                label={t('nav.executions')}
                showsParent={search.kind === 'sub'}
                ticked={ticked}
                onTick={setTicked}
                onAct={(act, row) => setAsked({ act, rows: [row] })}
              />
            ) : (
              <Nothing isFiltered={textOf(search) !== ''} />
            )
          }
        </Loaded>
        <LoadMore query={list.query} />
      </div>
      {chosen.length > 0 && (
        <BulkBar
          rows={chosen}
          onAct={(act, rows) => setAsked({ act, rows })}
          onClear={() => setTicked(new Set())}
        />
      )}
      {asked && (
        <BulkDialog
          {...asked}
          onDone={list.patch}
          onClose={() => {
            setAsked(undefined)
            setTicked(new Set())
          }}
        />
      )}
    </>
  )
}

function NewPill({ list }: { list: ReturnType<typeof useFreshList> }) {
  const { t } = useTranslation()
  if (list.unseen === 0) return null
  return (
    <Button className="f-new-pill" type="primary" icon={<ArrowUp size={14} />} onClick={list.showNew}>
      {t('executions.new', { count: list.unseen, more: list.isMany ? '+' : '' })}
    </Button>
  )
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/executions' })
  return (
    <EmptyState
      icon={ListTree}
      title={t(isFiltered ? 'executions.noneMatch' : 'executions.none')}
      text={t(isFiltered ? 'executions.noneMatchText' : 'executions.noneText')}
      action={
        isFiltered ? (
          <Button onClick={() => void navigate({ search: {} })}>{t('executions.clear')}</Button>
        ) : (
          <Link to="/run">{t('executions.runOne')}</Link>
        )
      }
    />
  )
}
