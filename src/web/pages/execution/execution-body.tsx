import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented, Splitter, Tabs } from 'antd'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { executionTabs, graphSides } from '../../search.ts'
import { MomentContext } from '../../ui/clock.ts'
import { usePreference } from '../../ui/preferences.ts'
import { GraphTab } from './graph-tab.tsx'
import { Inspector } from './inspector.tsx'
import { LogTab } from './log-tab.tsx'
import { TableTab } from './table-tab.tsx'
import { TimelineTab } from './timeline-tab.tsx'

const views = { graph: GraphTab, timeline: TimelineTab, table: TableTab, log: LogTab }

interface BodyProps {
  moment: number | undefined
  /** There is something to be seen beside the nodes. */
  hasRecords: boolean
}

/** The tabs left, the inspector right; its width is remembered. A change of the execution draws only what they hold. */
export const ExecutionBody = memo(function ExecutionBody({ moment, hasRecords }: BodyProps) {
  const { t } = useTranslation()
  const [width, setWidth] = usePreference('inspector', '440')
  const { tab = 'graph' } = useSearch({ from: '/executions/$id' })
  const navigate = useNavigate({ from: '/executions/$id' })
  const View = views[tab]
  const showTab = (key: string) => {
    const next = executionTabs.find((name) => name === key)
    void navigate({ search: (search) => ({ ...search, ...(next ? { tab: next } : {}) }), replace: true })
  }
  return (
    <Splitter className="f-body" onResizeEnd={(sizes) => setWidth(String(Math.round(sizes[1] ?? 440)))}>
      <Splitter.Panel min={320}>
        <div className="f-exec-left">
          <div className="f-exec-tabs">
            <Tabs
              size="small"
              className="f-grow"
              activeKey={tab}
              onChange={showTab}
              items={executionTabs.map((key) => ({ key, label: t(`execution.tabs.${key}`) }))}
            />
            {tab === 'graph' && hasRecords && <SideSwitch />}
          </div>
          <div className="f-exec-view" data-tab={tab}>
            <MomentContext value={moment}>
              <View />
            </MomentContext>
          </div>
        </div>
      </Splitter.Panel>
      <Splitter.Panel defaultSize={Number(width) || 440} min={300} max="70%">
        <MomentContext value={moment}>
          <Inspector />
        </MomentContext>
      </Splitter.Panel>
    </Splitter>
  )
})

/** The nodes, the records they work on, or both side by side. */
function SideSwitch() {
  const { t } = useTranslation()
  const { side = 'nodes' } = useSearch({ from: '/executions/$id' })
  const navigate = useNavigate({ from: '/executions/$id' })
  return (
    <Segmented
      size="small"
      aria-label={t('execution.side')}
      value={side}
      options={graphSides.map((value) => ({ value, label: t(`execution.sides.${value}`) }))}
      onChange={(next) => void navigate({ search: (search) => ({ ...search, side: next }), replace: true })}
    />
  )
}
