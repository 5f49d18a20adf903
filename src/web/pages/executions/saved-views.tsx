// Filters that have a name. The address stays the truth: a view is an address that is kept.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Dropdown, Input, Modal } from 'antd'
import { Bookmark, Check } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type SavedView, saveView } from '../../../api/contract/saved-views.ts'
import { api } from '../../data/client.ts'
import { viewsQuery } from '../../data/list-queries.ts'
import { readExecutionsSearch } from '../../search.ts'
import { Field } from '../../ui/field.tsx'
import { ErrorPanel } from '../../ui/messages.tsx'
import { textOf } from './filter-of.ts'
import type { SearchProps } from './list-head.tsx'
import { ManageViews } from './manage-views.tsx'

type Open = 'name' | 'manage'

export function SavedViews({ search, onChange }: SearchProps) {
  const { t } = useTranslation()
  const views = useQuery(viewsQuery).data?.items ?? []
  const [open, setOpen] = useState<Open>()
  const now = textOf(search)
  const current = views.find((view) => view.search === now)
  const show = (view: SavedView) =>
    onChange(readExecutionsSearch(Object.fromEntries(new URLSearchParams(view.search))))
  const items = [
    ...views.map((view) => ({
      key: view.id,
      label: <ViewItem view={view} isCurrent={view === current} />,
      onClick: () => show(view),
    })),
    ...(views.length > 0 ? [{ type: 'divider' as const }] : []),
    { key: 'save', label: t('executions.views.save'), disabled: now === '', onClick: () => setOpen('name') },
    ...(views.length > 0
      ? [{ key: 'manage', label: t('executions.views.manage'), onClick: () => setOpen('manage') }]
      : []),
  ]
  const close = () => setOpen(undefined)
  return (
    <>
      <Dropdown trigger={['click']} autoFocus menu={{ items }}>
        <Button icon={<Bookmark size={14} />}>{current?.name ?? t('executions.views.title')}</Button>
      </Dropdown>
      {open === 'name' && <NameDialog text={now} views={views} onClose={close} />}
      {open === 'manage' && <ManageViews views={views} onClose={close} />}
    </>
  )
}

function ViewItem({ view, isCurrent }: { view: SavedView; isCurrent: boolean }) {
  return (
    <span className="f-view-item">
      {isCurrent ? <Check size={14} aria-hidden /> : <span className="f-view-space" />}
      <span className="f-grow">{view.name}</span>
    </span>
  )
}

interface NameProps {
  text: string
  views: readonly SavedView[]
  onClose: () => void
}

function NameDialog({ text, views, onClose }: NameProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const isTaken = views.some((view) => view.name === name.trim())
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
      okText={t(isTaken ? 'executions.views.replace' : 'executions.views.keep')}
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
        {isTaken && <p role="status">{t('executions.views.taken', { name: name.trim() })}</p>}
        {save.error && <ErrorPanel error={save.error} />}
      </div>
    </Modal>
  )
}
