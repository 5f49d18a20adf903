// Filters that have a name. The address stays the truth: a view is an address that is kept.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Dropdown, Input, Modal } from 'antd'
import { Bookmark, Check, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deleteView, type SavedView, saveView } from '../../../api/contract/saved-views.ts'
import { api } from '../../data/client.ts'
import { viewsQuery } from '../../data/list-queries.ts'
import { readExecutionsSearch } from '../../search.ts'
import { Field } from '../../ui/field.tsx'
import { ErrorPanel } from '../../ui/messages.tsx'
import { textOf } from './filter-of.ts'
import type { SearchProps } from './list-head.tsx'

export function SavedViews({ search, onChange }: SearchProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const views = useQuery(viewsQuery).data?.items ?? []
  const [isNaming, setNaming] = useState(false)
  const remove = useMutation({
    mutationFn: (id: string) => api.call(deleteView, { params: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: viewsQuery.queryKey }),
  })
  const now = textOf(search)
  const current = views.find((view) => view.search === now)
  const open = (view: SavedView) =>
    onChange(readExecutionsSearch(Object.fromEntries(new URLSearchParams(view.search))))
  const items = [
    ...views.map((view) => ({
      key: view.id,
      label: <ViewItem view={view} isCurrent={view === current} onDelete={() => remove.mutate(view.id)} />,
      onClick: () => open(view),
    })),
    ...(views.length > 0 ? [{ type: 'divider' as const }] : []),
    { key: 'save', label: t('executions.views.save'), disabled: now === '', onClick: () => setNaming(true) },
  ]
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items }}>
        <Button icon={<Bookmark size={14} />}>{current?.name ?? t('executions.views.title')}</Button>
      </Dropdown>
      {isNaming && <NameDialog text={now} onClose={() => setNaming(false)} />}
    </>
  )
}

interface ItemProps {
  view: SavedView
  isCurrent: boolean
  onDelete: () => void
}

function ViewItem({ view, isCurrent, onDelete }: ItemProps) {
  const { t } = useTranslation()
  return (
    <span className="f-view-item">
      {isCurrent ? <Check size={14} aria-hidden /> : <span className="f-view-space" />}
      <span className="f-grow">{view.name}</span>
      <Button
        type="text"
        size="small"
        icon={<Trash2 size={14} />}
        aria-label={t('executions.views.delete', { name: view.name })}
        onClick={(event) => {
          event.stopPropagation()
          onDelete()
        }}
      />
    </span>
  )
}

function NameDialog({ text, onClose }: { text: string; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const save = useMutation({
    mutationFn: () => api.call(saveView, { body: { page: 'executions', name: name.trim(), search: text } }),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: viewsQuery.queryKey })
      onClose()
    },
  })
  return (
    <Modal
      open
      title={t('executions.views.save')}
      okText={t('executions.views.keep')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: name.trim() === '' }}
      confirmLoading={save.isPending}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <div className="f-stack">
        <Field label={t('executions.views.name')}>
          {(id) => (
            <Input
              id={id}
              autoFocus
              maxLength={60}
              value={name}
              onChange={(event) => setName(event.target.value)}
              onPressEnter={() => name.trim() !== '' && save.mutate()}
            />
          )}
        </Field>
        {save.error && <ErrorPanel error={save.error} />}
      </div>
    </Modal>
  )
}
