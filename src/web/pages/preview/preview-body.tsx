import { useQuery } from '@tanstack/react-query'
import { Splitter } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Preview } from '../../../api/contract/previews.ts'
import { Canvas } from '../../canvas/canvas.tsx'
import { previewModel } from '../../canvas/model.ts'
import { structureOf } from '../../canvas/structure.ts'
import { nodeTypesQuery } from '../../data/queries.ts'
import { Loading } from '../../ui/messages.tsx'
import type { AssociatedRecord } from './associations.ts'
import { BindingDrawer } from './binding-drawer.tsx'
import { chosenCounts, type Unchecked } from './choices.ts'
import { RecordTree } from './record-tree.tsx'
import { StartPanel } from './start-panel.tsx'

export function PreviewBody({ preview }: { preview: Preview }) {
  const types = useQuery(nodeTypesQuery)
  const [unchecked, setUnchecked] = useState<Unchecked>({})
  const [node, setNode] = useState<string>()
  const [record, setRecord] = useState<AssociatedRecord>()
  const structure = useMemo(
    () => structureOf(preview.document, new Map((types.data?.items ?? []).map((type) => [type.type, type]))),
    [preview.document, types.data],
  )
  const model = useMemo(
    () => previewModel(structure, chosenCounts(preview.bindings, unchecked)),
    [structure, preview.bindings, unchecked],
  )
  const { t } = useTranslation()
  const linked = useMemo(() => new Set(record?.boundBy), [record])
  if (!types.data) return <Loading />
  const numbers = new Map(structure.nodes.map((drawn) => [drawn.id, drawn]))
  const binding = preview.bindings.find((candidate) => candidate.node === node)
  return (
    <>
      <Splitter className="f-body">
        <Splitter.Panel min={320}>
          <Canvas
            structure={structure}
            model={model}
            label={t('canvas.label', { title: preview.document.title })}
            selected={node}
            onSelect={setNode}
            linked={linked}
          />
        </Splitter.Panel>
        <Splitter.Panel defaultSize="38%" min={340} max="65%">
          <aside className="f-preview-side" aria-label={t('preview.before')}>
            <StartPanel preview={preview} unchecked={unchecked} nodes={numbers} />
            <RecordTree preview={preview} nodes={numbers} node={node} record={record} onRecord={setRecord} />
          </aside>
        </Splitter.Panel>
      </Splitter>
      {node !== undefined && (
        <BindingDrawer
          node={numbers.get(node)}
          binding={binding}
          unchecked={unchecked}
          onChange={setUnchecked}
          onClose={() => setNode(undefined)}
        />
      )}
    </>
  )
}
