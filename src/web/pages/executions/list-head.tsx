// Above the filters: which kind of workflows, saved views, the table for spreadsheets, and the way to batches.
import { Segmented } from 'antd'
import { Download, Grid3x3 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { exportExecutions } from '../../../api/contract/executions.ts'
import { urlOf } from '../../../client/client.ts'
import type { ExecutionsSearch } from '../../search.ts'
import { workflowKinds } from '../../search.ts'
import { LinkButton } from '../../ui/link-button.tsx'
import { filterOf } from './filter-of.ts'
import { SavedViews } from './saved-views.tsx'

export interface SearchProps {
  search: ExecutionsSearch
  onChange: (search: ExecutionsSearch) => void
}

const kinds = ['all', ...workflowKinds] as const

export function ListHead({ search, onChange }: SearchProps) {
  const { t } = useTranslation()
  const [now] = useState(() => Date.now())
  return (
    <div className="f-row">
      <Segmented<(typeof kinds)[number]>
        value={search.kind ?? 'all'}
        aria-label={t('workflows.kind')}
        options={kinds.map((value) => ({ value, label: t(`executions.kinds.${value}`) }))}
        onChange={(value) => {
          const { kind: _kind, ...rest } = search
          onChange(value === 'all' ? rest : { ...rest, kind: value })
        }}
      />
      <span className="f-grow" />
      <SavedViews search={search} onChange={onChange} />
      <a
        className="f-button-link"
        href={urlOf(exportExecutions, { query: filterOf(search, now) })}
        download="executions.csv"
      >
        <Download size={14} aria-hidden /> {t('executions.export')}
      </a>
      <LinkButton to="/batches" icon={<Grid3x3 size={14} />}>
        {t('batches.title')}
      </LinkButton>
    </div>
  )
}
