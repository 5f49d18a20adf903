// What is previewed, what was unchecked and what is selected: the page's state, and its frame.
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { Splitter } from 'antd'
import { useMemo, useReducer, useState } from 'react'
import type { NodeTypeInfo } from '../../../api/contract/node-types.ts'
import type { Preview } from '../../../api/contract/previews.ts'
import type { WorkflowDetail } from '../../../api/contract/workflows.ts'
import type { WorkflowDocument } from '../../../core/document.ts'
import type { JsonObject } from '../../../core/json.ts'
import { structureOf } from '../../canvas/structure.ts'
import { type Former, previewQuery } from '../../data/run-queries.ts'
import { useText } from '../../i18n/use-language.ts'
import { useNameThing } from '../../ui/thing-name.ts'
import { AskAnyway } from './ask-anyway.tsx'
import { BeforePanel } from './before-panel.tsx'
import { type Unchecked, uncheckedAs, withChoices, workedOn } from './choices.ts'
import { type Carried, PreviewContext, type PreviewPage, type Selection, usePreviewPage } from './context.ts'
import { NodePanel } from './node-panel.tsx'
import { barredBy, PreviewHead } from './preview-head.tsx'
import { RecordPanel } from './record-panel.tsx'
import { TwoGraphs, type TwoGraphsProps } from './two-graphs.tsx'
import { useChoices } from './use-choices.ts'
import { inputSchema, type Start, useStart } from './use-start.ts'

interface ViewProps {
  workflow: WorkflowDetail
  /** The version previewed. */
  shown: { version: number; document: WorkflowDocument }
  types: readonly NodeTypeInfo[]
  /** What it begins as. */
  former: Former | undefined
}

export function PreviewView({ workflow, shown, types, former }: ViewProps) {
  useNameThing(workflow.key, workflow.title)
  const { document, version } = shown
  const query = useTargetPreview(workflow.key, shown)
  const preview = query.data
  const carried = useCarried(former, preview)
  const choices = useChoices(`${version} ${preview?.target?.id}`, carried?.unchecked ?? nothing)
  const [selected, select] = useState<Selection>()
  const structure = useMemo(
    () => structureOf(document, new Map(types.map((type) => [type.type, type]))),
    [document, types],
  )
  const worked = useMemo(
    () => workedOn({ bindings: preview?.bindings ?? [], document }, choices.unchecked),
    [preview, document, choices.unchecked],
  )
  const graph = useMemo(() => preview && withChoices(preview.graph, worked), [preview, worked])
  const nodes = useMemo(() => new Map(structure.nodes.map((node) => [node.id, node])), [structure])
  const titleOf = useTitles(preview)
  const page: PreviewPage = { preview, nodes, choices, carried, worked, selected, select, titleOf }
  const start = useStart(page)
  return (
    <PreviewContext value={page}>
      <PreviewFrame
        workflow={workflow}
        shown={shown}
        given={former?.inputs}
        start={start}
        isFresh={preview !== undefined && !query.isPlaceholderData}
        graphs={{
          structure,
          graph,
          title: document.title,
          error: query.error,
          onRetry: () => void query.refetch(),
          isStale: query.isPlaceholderData,
        }}
      />
      {start.asking && <AskAnyway titles={start.asking} onRun={start.confirm} onCancel={start.cancel} />}
    </PreviewContext>
  )
}

const nothing: Unchecked = {}

function useCarried(former: Former | undefined, preview: Preview | undefined): Carried | undefined {
  return useMemo(() => {
    if (!former) return undefined
    const isSame = preview && preview.target?.id === former.target?.id
    return { id: former.id, unchecked: isSame ? uncheckedAs(former.bindings, preview.bindings) : nothing }
  }, [former, preview])
}

/** Nothing is asked until there is a target, where one is wanted. */
function useTargetPreview(workflow: string, { document, version }: ViewProps['shown']) {
  const search = useSearch({ from: '/run/$workflow' })
  const colon = search.target?.indexOf(':') ?? -1
  const target =
    search.target !== undefined && document.target && colon > 0
      ? { collection: search.target.slice(0, colon), id: search.target.slice(colon + 1) }
      : undefined
  const isAsked = !document.target || target !== undefined
  return useQuery({ ...previewQuery({ workflow, version }, target), enabled: isAsked })
}

function useTitles(preview: Preview | undefined): (collection: string) => string {
  const text = useText()
  const titles = new Map(preview?.graph.collections.map(({ key, title }) => [key, text(title)]))
  return (collection) => titles.get(collection) ?? collection
}

interface FrameProps extends Omit<ViewProps, 'types' | 'former'> {
  /** What the form begins with. */
  given: JsonObject | undefined
  start: Start
  /** The preview is the one of the chosen target. */
  isFresh: boolean
  graphs: TwoGraphsProps
}

function PreviewFrame({ workflow, shown, given, start, isFresh, graphs }: FrameProps) {
  const [isFormReady, setFormReady] = useReducer(() => true, false)
  const [inputs, setInputs] = useState<JsonObject>(given ?? {})
  const schema = useMemo(() => inputSchema(shown.document.inputs), [shown.document])
  const barred = barredBy(workflow)
  return (
    <div className="f-page f-page-fill">
      <PreviewHead
        workflow={workflow}
        version={shown.version}
        targetCollection={shown.document.target?.collection}
        barred={barred}
        start={start}
        hasForm={schema !== undefined}
        isReady={isFresh && (schema === undefined || isFormReady)}
      />
      <Splitter className="f-body">
        <Splitter.Panel min={480}>
          <TwoGraphs {...graphs} />
        </Splitter.Panel>
        <Splitter.Panel defaultSize={320} min={260} max="45%">
          <Side document={shown.document} graph={graphs.graph}>
            {!barred && (
              <BeforePanel
                start={start}
                schema={schema}
                inputs={inputs}
                onInputs={setInputs}
                onReady={setFormReady}
              />
            )}
          </Side>
        </Splitter.Panel>
      </Splitter>
    </div>
  )
}

interface SideProps {
  document: WorkflowDocument
  graph: TwoGraphsProps['graph']
  children: React.ReactNode
}

/** The form keeps what was filled in while a node or a record is looked at. */
function Side({ document, graph, children }: SideProps) {
  const { selected, nodes } = usePreviewPage()
  const id = selected && 'node' in selected ? selected.node : undefined
  const node = id === undefined ? undefined : nodes.get(id)
  const written = document.nodes.find((one) => one.id === id)
  const key = selected && 'record' in selected ? selected.record : undefined
  const record = graph?.nodes.find((one) => one.key === key)
  const detail =
    node && written ? (
      <NodePanel key={id} node={node} document={written} />
    ) : record ? (
      <RecordPanel record={record} />
    ) : undefined
  return (
    <aside className="f-preview-side">
      {detail}
      <div hidden={detail !== undefined}>{children}</div>
    </aside>
  )
}
