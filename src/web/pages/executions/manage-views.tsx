// The saved views of a user: named anew, or deleted.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Modal, Popconfirm } from 'antd'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deleteView, renameView, type SavedView } from '../../../api/contract/saved-views.ts'
import { api } from '../../data/client.ts'
import { viewsQuery } from '../../data/list-queries.ts'
import { ErrorPanel } from '../../ui/messages.tsx'

interface ManageProps {
  views: readonly SavedView[]
  onClose: () => void
}

export function ManageViews({ views, onClose }: ManageProps) {
  const { t } = useTranslation()
  return (
    <Modal open title={t('executions.views.manage')} footer={null} onCancel={onClose}>
      <ul className="f-views f-stack">
        {views.map((view) => (
          <View key={view.id} view={view} />
        ))}
      </ul>
      {views.length === 0 && <p className="f-quiet">{t('executions.views.none')}</p>}
    </Modal>
  )
}

function View({ view }: { view: SavedView }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [name, setName] = useState(view.name)
  const onSuccess = () => queries.invalidateQueries({ queryKey: viewsQuery.queryKey })
  const params = { id: view.id }
  const rename = useMutation({
    mutationFn: () => api.call(renameView, { params, body: { name: name.trim() } }),
    onSuccess,
  })
  const remove = useMutation({ mutationFn: () => api.call(deleteView, { params }), onSuccess })
  const isNew = name.trim() !== '' && name.trim() !== view.name
  const error = rename.error ?? remove.error
  return (
    <li className="f-stack">
      <div className="f-row">
        <Input
          className="f-grow"
          maxLength={60}
          aria-label={t('executions.views.nameOf', { name: view.name })}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onPressEnter={() => isNew && rename.mutate()}
        />
        <Button disabled={!isNew} loading={rename.isPending} onClick={() => rename.mutate()}>
          {t('executions.views.rename')}
        </Button>
        <Popconfirm
          title={t('executions.views.delete', { name: view.name })}
          okText={t('executions.views.deleteVerb')}
          cancelText={t('common.cancel')}
          onConfirm={() => remove.mutate()}
        >
          <Button
            danger
            icon={<Trash2 size={14} />}
            aria-label={t('executions.views.delete', { name: view.name })}
          />
        </Popconfirm>
      </div>
      {error && <ErrorPanel error={error} />}
    </li>
  )
}
