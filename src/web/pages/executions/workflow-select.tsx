// One workflow of all one may see, or any.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { workflowsQuery } from '../../data/queries.ts'

interface WorkflowSelectProps {
  /** Its key. */
  workflow: string | undefined
  onChange: (workflow: string | undefined) => void
}

export function WorkflowSelect({ workflow, onChange }: WorkflowSelectProps) {
  const { t } = useTranslation()
  const workflows = useInfiniteQuery(workflowsQuery({ limit: 200 }))
  const items = workflows.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      value={workflow ?? null}
      placeholder={t('executions.anyWorkflow')}
      aria-label={t('executions.workflow')}
      style={{ width: 200 }}
      options={items.map((item) => ({ value: item.key, label: item.title }))}
      onChange={(value) => onChange(value ?? undefined)}
    />
  )
}
