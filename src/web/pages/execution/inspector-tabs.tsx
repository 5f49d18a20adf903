import { Alert, Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { nodeOf, ownerOf } from '../../../core/run-id.ts'
import { isSettled } from '../../../core/statuses.ts'
import { type InspectorTab, inspectorTabs } from '../../search.ts'
import { outputExpression, pathExpression } from '../../ui/json-path.ts'
import { JsonTree } from '../../ui/json-tree.tsx'
import { FailureText } from '../../ui/said-text.tsx'
import { useExecutionPage } from './context.ts'
import { LogView } from './log-view.tsx'
import { Objects } from './objects.tsx'
import { SettingsView } from './settings-view.tsx'
import { SubWorkflow, startsChildren } from './sub-workflow.tsx'

interface TabsProps {
  id: string
  run: NodeRun | undefined
}

interface Shape {
  isBound: boolean
  hasChildren: boolean
}

/** The tab that tells most: the error, the child, the records, the result. */
function firstTab(run: NodeRun | undefined, { isBound, hasChildren }: Shape): InspectorTab {
  // That some of its records failed says less than which.
  if (run?.error && !isBound) return 'error'
  if (hasChildren) return 'child'
  if (isBound) return 'objects'
  if (run?.output !== undefined) return 'output'
  if (!run) return 'settings'
  const waits = run.status === 'waiting' || run.status === 'risky'
  return !isSettled(run.status) && !waits ? 'log' : 'input'
}

export function InspectorTabs({ id, run }: TabsProps) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const node = page.nodes.get(nodeOf(id))
  const { view } = page.place
  const isBound = node?.bound === true && ownerOf(id) === undefined
  const hasChildren = run !== undefined && !isBound && startsChildren(node)
  const shown = inspectorTabs.filter((tab) => {
    if (tab === 'error') return run?.error !== undefined
    if (tab === 'objects') return node?.bound === true
    return tab !== 'child' || hasChildren
  })
  const first = firstTab(run, { isBound, hasChildren })
  const active = view !== undefined && shown.includes(view) ? view : first
  const show = (key: string) => {
    const next = inspectorTabs.find((tab) => tab === key)
    if (next) page.go({ run: id, view: next, line: undefined })
  }
  return (
    <Tabs
      size="small"
      className="f-inspector-tabs"
      tabBarGutter={18}
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
  if (tab === 'settings') return <SettingsView id={id} run={run} />
  if (!run) return <p className="f-quiet">{t('inspector.notStarted')}</p>
  if (tab === 'error') return <RunErrorView run={run} />
  if (tab === 'log') return <LogView key={run.attempt} run={run} />
  if (tab === 'child') return <SubWorkflow run={run} />
  const value = tab === 'input' ? run.input : run.output
  if (value === undefined)
    return <p className="f-quiet">{t(tab === 'input' ? 'inspector.noInput' : 'inspector.noOutput')}</p>
  return (
    <JsonTree
      key={run.attempt}
      value={value}
      root={tab === 'output' ? outputOf(id) : ''}
      name={`${id}-${tab}`}
    />
  )
}

/** How expressions name the output of a run: that of one record is an entry of its node's list. */
export function outputOf(run: string): string {
  const output = outputExpression(nodeOf(run))
  if (ownerOf(run) === undefined) return output
  const key = JSON.stringify(run.slice(run.lastIndexOf('[') + 1, -1))
  return pathExpression(`${output}.filter(r, r.key == ${key})[0]`, ['output'])
}

/** What failed, what may be done, and the last lines of the log. */
function RunErrorView({ run }: { run: NodeRun }) {
  const { t } = useTranslation()
  if (!run.error) return null
  const { kind, code, details } = run.error
  return (
    <div className="f-stack">
      <Alert
        type="error"
        showIcon
        title={<FailureText failure={run.error} />}
        description={
          <span className="f-quiet">
            {t(`failure.${kind}`)} · <code>{code}</code>
          </span>
        }
      />
      {run.acts.length > 0 && (
        <p>{t(run.acts.includes('skip') ? 'inspector.whatNow' : 'inspector.retryNow')}</p>
      )}
      {details !== undefined && <JsonTree value={details} name={`${run.id}-error`} />}
      <LogView run={run} />
    </div>
  )
}
