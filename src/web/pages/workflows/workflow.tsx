// One workflow to look at: its graph and its document. The designer comes later.
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Splitter } from 'antd'
import { ListTree, Play } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { stringify } from 'yaml'
import type { WorkflowDetail } from '../../../api/contract/workflows.ts'
import { Canvas } from '../../canvas/canvas.tsx'
import { previewModel } from '../../canvas/model.ts'
import { structureOf } from '../../canvas/structure.ts'
import { nodeTypesQuery, workflowQuery } from '../../data/queries.ts'
import { LinkButton } from '../../ui/link-button.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { WorkflowState } from './workflows.tsx'
import './workflow.css'

export function WorkflowPage() {
  const { key } = useParams({ from: '/workflows/$key' })
  const query = useQuery(workflowQuery(key))
  return <Loaded query={query}>{() => query.data && <ShownWorkflow workflow={query.data} />}</Loaded>
}

function ShownWorkflow({ workflow }: { workflow: WorkflowDetail }) {
  const { t } = useTranslation()
  const types = useQuery(nodeTypesQuery)
  const structure = useMemo(
    () => structureOf(workflow.document, new Map((types.data?.items ?? []).map((type) => [type.type, type]))),
    [workflow.document, types.data],
  )
  const model = useMemo(() => previewModel(structure, {}), [structure])
  return (
    <div className="f-page f-page-fill">
      <WorkflowHead workflow={workflow} />
      <Loaded query={types}>
        {() => (
          <Splitter className="f-body">
            <Splitter.Panel min={320}>
              <Canvas
                structure={structure}
                model={model}
                label={t('canvas.label', { title: workflow.title })}
              />
            </Splitter.Panel>
            <Splitter.Panel defaultSize="40%" min={280} collapsible>
              <textarea
                className="f-document f-code"
                readOnly
                aria-label={t('workflows.document')}
                value={stringify(workflow.document)}
              />
            </Splitter.Panel>
          </Splitter>
        )}
      </Loaded>
    </div>
  )
}

function WorkflowHead({ workflow }: { workflow: WorkflowDetail }) {
  const { t } = useTranslation()
  return (
    <header className="f-head">
      <div className="f-row f-grow">
        <h1>{workflow.title}</h1>
        <span className="f-quiet f-num">v{workflow.version}</span>
        <WorkflowState workflow={workflow} />
      </div>
      <LinkButton to="/executions" search={{ workflow: workflow.key }} icon={<ListTree size={14} />}>
        {t('nav.executions')}
      </LinkButton>
      {workflow.state === 'published' && workflow.grants.includes('run') && (
        <LinkButton to="/run/$workflow" params={{ workflow: workflow.key }} primary icon={<Play size={14} />}>
          {t('preview.run')}
        </LinkButton>
      )}
    </header>
  )
}
