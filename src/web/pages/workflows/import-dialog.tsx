// A document as YAML or JSON becomes the draft of its workflow, and is published when asked.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Alert, Checkbox, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { parse } from 'yaml'
import { publishWorkflow, saveDraft } from '../../../api/contract/workflows.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import { api } from '../../data/client.ts'
import { ErrorPanel, Problems } from '../../ui/messages.tsx'

function readDocument(text: string): JsonObject | undefined {
  try {
    const document: unknown = parse(text)
    return isJsonObject(document) ? document : undefined
  } catch {
    return undefined
  }
}

function useImport(onDone: (key: string) => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ document, publish }: { document: JsonObject; publish: boolean }) => {
      const key = String(document.key)
      const saved = await api.call(saveDraft, { params: { key }, body: { document } })
      if (publish && saved.problems.length === 0)
        await api.call(publishWorkflow, { params: { key }, body: {} })
      return { key, problems: saved.problems }
    },
    onSuccess: ({ key, problems }) => {
      void queries.invalidateQueries({ queryKey: ['workflows'] })
      void queries.invalidateQueries({ queryKey: ['workflow', key] })
      if (problems.length === 0) onDone(key)
    },
  })
}

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [publish, setPublish] = useState(true)
  const load = useImport((key) => void navigate({ to: '/workflows/$key', params: { key } }))
  const document = readDocument(text)
  const key = document?.key
  const isReady = document !== undefined && typeof key === 'string' && key !== ''
  return (
    <Modal
      open
      width={720}
      title={t('workflows.import')}
      okText={t('workflows.importSubmit')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: !isReady }}
      confirmLoading={load.isPending}
      onOk={() => document && load.mutate({ document, publish })}
      onCancel={onClose}
    >
      <div className="f-stack">
        <p>{t('workflows.importText')}</p>
        <Input.TextArea
          className="f-code"
          rows={16}
          autoFocus
          spellCheck={false}
          aria-label={t('workflows.document')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {text !== '' && !isReady && <Alert type="warning" title={t('workflows.notDocument')} showIcon />}
        <Checkbox checked={publish} onChange={(event) => setPublish(event.target.checked)}>
          {t('workflows.publish')}
        </Checkbox>
        {load.error && <ErrorPanel error={load.error} title={t('workflows.notImported')} />}
        {load.data && load.data.problems.length > 0 && (
          <Alert
            type="warning"
            showIcon
            title={t('workflows.savedBroken', { count: load.data.problems.length })}
            description={<Problems problems={load.data.problems} />}
          />
        )}
      </div>
    </Modal>
  )
}
