// The graph of an execution's nodes as they are at the moment shown.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { nodeOf } from '../../../core/run-id.ts'
import { Canvas } from '../../canvas/canvas.tsx'
import { keepSame } from '../../canvas/keep-same.ts'
import { type CanvasModel, executionModel } from '../../canvas/model.ts'
import type { Pages } from '../../canvas/run-index.ts'
import { countsOf, type ExecutionPage, useExecutionPage } from './context.ts'
import { pagesFor } from './selection.ts'

interface GraphProps {
  /** Ids of nodes highlighted because of what is pointed at elsewhere. */
  linked?: ReadonlySet<string>
  onHover?: (node: string | undefined) => void
}

export function NodeGraph({ linked, onHover }: GraphProps) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const { live, structure, selected, select } = page
  const [paged, setPaged] = useState<Pages>({})
  const model = useModel(page, paged)
  const turnTo = useCallback(
    (run: string, key: string) => setPaged((before) => ({ ...before, [run]: key })),
    [],
  )
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
      {...(onHover ? { onHover } : {})}
      {...(linked ? { linked } : {})}
      onPage={turnTo}
    />
  )
}

/** What has not changed stays the same object: an update draws only the cards it is about. */
function useModel({ live, structure, last, bindings, selected }: ExecutionPage, paged: Pages): CanvasModel {
  const before = useRef<CanvasModel>(undefined)
  const { status, notReached } = live.execution
  const pages = useMemo(() => ({ ...pagesFor(selected), ...paged }), [selected, paged])
  const bound = useMemo(() => countsOf(bindings), [bindings])
  const model = useMemo(
    () =>
      keepSame(
        before.current,
        executionModel(structure, { status, runs: last.values(), notReached, bound, pages }),
      ),
    [structure, status, last, notReached, bound, pages],
  )
  useEffect(() => {
    before.current = model
  }, [model])
  return model
}
