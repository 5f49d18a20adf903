import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { nodeOf, ownerOf } from '../../../core/run-id.ts'
import { isSettled } from '../../../core/statuses.ts'
import { type InspectorTab, inspectorTabs } from '../../search.ts'
import { JsonTree } from '../../ui/json-tree.tsx'
import { useExecutionPage } from './context.ts'
import { LogLines } from './log-lines.tsx'
import { Objects } from './objects.tsx'

interface TabsProps {
  id: string
  run: NodeRun | undefined
}

/** The tab that tells most: the error, the records, the result. */
function firstTab(run: NodeRun | undefined, isBound: boolean): InspectorTab {
  if (run?.error) return 'error'
  if (isBound) return 'objects'
  if (run?.output !== undefined) return 'output'
  return run && !isSettled(run.status) && run.status !== 'waiting' ? 'log' : 'input'
}

export function InspectorTabs({ id, run }: TabsProps) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const { view } = useSearch({ from: '/executions/$id' })
  const navigate = useNavigate({ from: '/executions/$id' })
  const isBound = page.nodes.get(nodeOf(id))?.bound === true && ownerOf(id) === undefined
  const shown = inspectorTabs.filter((tab) => (tab === 'error' ? run?.error !== undefined : true))
  const first = firstTab(run, isBound)
  const active = view !== undefined && shown.includes(view) ? view : first
  const show = (key: string) => {
    const next = inspectorTabs.find((tab) => tab === key)
    void navigate({
      search: (search) => ({ ...search, run: id, ...(next ? { view: next } : {}) }),
      replace: true,
    })
  }
  return (
    <Tabs
      size="small"
      className="f-inspector-tabs"
      activeKey={active}
      onChange={show}
      items={shown.map((tab) => ({
        key: tab,
        label: t(`inspector.tabs.${tab}`),
        children: tab === active && <TabContent tab={tab} id={id} run={run} />,
      }))}
    />
  )
}

function TabContent({ tab, id, run }: TabsProps & { tab: InspectorTab }) {
  const { t } = useTranslation()
  if (tab === 'objects') return <Objects id={id} />
  if (!run) return <p className="f-quiet">{t('inspector.notStarted')}</p>
  if (tab === 'error') return <RunErrorView run={run} />
  if (tab === 'log') return <LogLines run={run} />
  const value = tab === 'input' ? run.input : run.output
  if (value === undefined)
    return <p className="f-quiet">{t(tab === 'input' ? 'inspector.noInput' : 'inspector.noOutput')}</p>
  return <JsonTree value={value} />
}

/** What failed, what may be done, and the last lines of the log. */
function RunErrorView({ run }: { run: NodeRun }) {
  const { t } = useTranslation()
  if (!run.error) return null
  const { kind, code, message, details } = run.error
  return (
    <div className="f-stack">
      <Alert
        type="error"
        showIcon
        title={message}
        description={
          <span className="f-quiet">
            {t(`failure.${kind}`)} · <code>{code}</code>
          </span>
        }
      />
      {run.acts.length > 0 && (
        <p>{t(run.acts.includes('skip') ? 'inspector.whatNow' : 'inspector.retryNow')}</p>
      )}
      {details !== undefined && <JsonTree value={details} />}
      <LogLines run={run} />
    </div>
  )
}
