import { Workflow } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { nodeOf } from '../../../core/run-id.ts'
import { Canvas } from '../../canvas/canvas.tsx'
import { executionModel } from '../../canvas/model.ts'
import type { Pages } from '../../canvas/run-index.ts'
import { EmptyState } from '../../ui/messages.tsx'
import { useExecutionPage } from './context.ts'
import { pagesFor } from './selection.ts'

export function GraphTab() {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const { live, structure, last, bindings, selected, select } = page
  const [paged, setPaged] = useState<Pages>({})
  const model = useMemo(
    () =>
      executionModel(structure, {
        status: live.execution.status,
        runs: last.values(),
        notReached: live.execution.notReached,
        bound: Object.fromEntries(bindings.map(({ run, records }) => [run, records.length])),
        pages: { ...pagesFor(selected), ...paged },
      }),
    [structure, live, last, bindings, selected, paged],
  )
  if (structure.nodes.length === 0)
    return <EmptyState icon={Workflow} title={t('canvas.empty')} text={t('canvas.emptyText')} />
  const choose = (node: string | undefined) => {
    if (node === undefined) return select(undefined)
    select(model.nodes.find((candidate) => candidate.id === node)?.runId ?? node)
  }
  return (
    <Canvas
      structure={structure}
      model={model}
      label={t('canvas.label', { title: live.execution.workflowTitle })}
      selected={selected === undefined ? undefined : nodeOf(selected)}
      onSelect={choose}
      onPage={(run, key) => setPaged({ ...paged, [run]: key })}
    />
  )
}
