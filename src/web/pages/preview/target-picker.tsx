import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorkflowDetail } from '../../../api/contract/workflows.ts'
import { targetsQuery } from '../../data/queries.ts'
import { Field } from '../../ui/field.tsx'
import { ErrorPanel } from '../../ui/messages.tsx'

interface PickerProps {
  workflow: WorkflowDetail
  /** `collection:id` */
  target: string | undefined
}

/** Only records the workflow may be run on, searched by the server. */
export function TargetPicker({ workflow, target }: PickerProps) {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/run/$workflow' })
  const [typed, setTyped] = useState('')
  const query = useQuery(targetsQuery(workflow.key, typed))
  const collection = query.data?.collection ?? workflow.targetCollection ?? ''
  const options = (query.data?.items ?? []).map((record) => ({
    value: `${collection}:${record.id}`,
    label: record.label,
  }))
  return (
    <div className="f-target">
      <Field label={t('preview.target', { collection })}>
        {(id) => (
          <Select
            id={id}
            showSearch={{ filterOption: false, onSearch: setTyped }}
            value={target ?? null}
            placeholder={t('preview.searchTarget')}
            loading={query.isFetching}
            options={options}
            autoFocus={target === undefined}
            notFoundContent={query.isFetching ? t('common.loading') : t('preview.noTargets')}
            onChange={(value) => void navigate({ search: { target: value } })}
          />
        )}
      </Field>
      {query.error && <ErrorPanel error={query.error} />}
    </div>
  )
}
