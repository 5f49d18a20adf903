// Before the run: the graph, every record it will touch, the inputs, and what to be warned of.
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { Target } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { WorkflowDetail } from '../../../api/contract/workflows.ts'
import { previewQuery, workflowQuery } from '../../data/queries.ts'
import { EmptyState, Loaded } from '../../ui/messages.tsx'
import { PreviewBody } from './preview-body.tsx'
import { TargetPicker } from './target-picker.tsx'
import './preview.css'

export function Preview() {
  const { workflow: key } = useParams({ from: '/run/$workflow' })
  const workflow = useQuery(workflowQuery(key))
  return (
    <Loaded query={workflow}>{() => workflow.data && <WorkflowPreview workflow={workflow.data} />}</Loaded>
  )
}

function targetOf(text: string | undefined): { collection: string; id: string } | undefined {
  const colon = text?.indexOf(':') ?? -1
  if (text === undefined || colon < 1) return undefined
  return { collection: text.slice(0, colon), id: text.slice(colon + 1) }
}

function WorkflowPreview({ workflow }: { workflow: WorkflowDetail }) {
  const { t } = useTranslation()
  const search = useSearch({ from: '/run/$workflow' })
  const target = targetOf(search.target)
  const needsTarget = workflow.document.target !== undefined
  return (
    <div className="f-page f-page-fill">
      <header className="f-head f-preview-head">
        <div className="f-grow">
          <h1>{workflow.title}</h1>
          {workflow.description && <p className="f-quiet">{workflow.description}</p>}
        </div>
        {needsTarget && <TargetPicker workflow={workflow} target={search.target} />}
      </header>
      {needsTarget && !target ? (
        <EmptyState icon={Target} title={t('preview.pickTarget')} text={t('preview.pickTargetText')} />
      ) : (
        <LoadedPreview workflow={workflow.key} target={target} />
      )}
    </div>
  )
}

interface LoadedProps {
  workflow: string
  target: { collection: string; id: string } | undefined
}

function LoadedPreview({ workflow, target }: LoadedProps) {
  const query = useQuery(previewQuery(workflow, target))
  const key = `${target?.collection}:${target?.id}`
  return <Loaded query={query}>{() => query.data && <PreviewBody key={key} preview={query.data} />}</Loaded>
}
