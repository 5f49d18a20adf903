import { useNavigate, useSearch } from '@tanstack/react-router'
import { Splitter, Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { executionTabs } from '../../search.ts'
import { usePreference } from '../../ui/preferences.ts'
import { GraphTab } from './graph-tab.tsx'
import { Inspector } from './inspector.tsx'
import { LogTab } from './log-tab.tsx'
import { TableTab } from './table-tab.tsx'

const views = { graph: GraphTab, table: TableTab, log: LogTab }

/** The tabs left, the inspector right; its width is remembered. */
export function ExecutionBody() {
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
          <Tabs
            size="small"
            activeKey={tab}
            onChange={showTab}
            items={executionTabs.map((key) => ({ key, label: t(`execution.tabs.${key}`) }))}
          />
          <div className="f-exec-view" data-tab={tab}>
            <View />
          </div>
        </div>
      </Splitter.Panel>
      <Splitter.Panel defaultSize={Number(width) || 440} min={300} max="70%">
        <Inspector />
      </Splitter.Panel>
    </Splitter>
  )
}
