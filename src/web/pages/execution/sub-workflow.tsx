// The executions a node run started, shown in place: graph and inspector of the child, live, as deep as they go.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Select } from 'antd'
import { ExternalLink } from 'lucide-react'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExecutionSummary } from '../../../api/contract/executions.ts'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import type { NodeTypeInfo } from '../../../api/contract/node-types.ts'
import type { DrawnNode } from '../../canvas/structure.ts'
import type { LiveExecution } from '../../data/live-state.ts'
import { childrenQuery, nodeTypesQuery } from '../../data/queries.ts'
import { useExecution } from '../../data/use-execution.ts'
import { Failure, Loaded, Loading } from '../../ui/messages.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { shownExecutionStatus } from '../../ui/status-legend.ts'
import { PageContext, type Place, useExecutionPage } from './context.ts'
import { Inspector } from './inspector.tsx'
import { NodeGraph } from './node-graph.tsx'
import { RunActDialog } from './run-act-dialog.tsx'
import { useAsked } from './use-asked.ts'
import { usePage } from './use-page.ts'

export const startsChildren = (node: DrawnNode | undefined): boolean => node?.type === 'workflow'

export function SubWorkflow({ run }: { run: NodeRun }) {
  const { t } = useTranslation()
  const { execution } = useExecutionPage().now
  // A run that goes on may start another: its attempt is in the key.
  const query = useInfiniteQuery(childrenQuery(execution.id, run.id))
  const children = query.data?.pages.flatMap((page) => page.items) ?? []
  const [chosen, setChosen] = useState<string>()
  const child = children.find(({ id }) => id === chosen) ?? children[0]
  return (
    <Loaded query={query}>
      {() =>
        child ? (
          <div className="f-stack f-child">
            <ChildHead child={child} all={children} onChoose={setChosen} />
            <ChildView key={child.id} id={child.id} />
          </div>
        ) : (
          <p className="f-quiet">{t('child.none')}</p>
        )
      }
    </Loaded>
  )
}

interface HeadProps {
  child: ExecutionSummary
  all: readonly ExecutionSummary[]
  onChoose: (id: string) => void
}

function ChildHead({ child, all, onChoose }: HeadProps) {
  const { t } = useTranslation()
  return (
    <div className="f-row">
      {all.length > 1 ? (
        <Select
          size="small"
          aria-label={t('child.choose')}
          value={child.id}
          popupMatchSelectWidth={false}
          options={all.map((one) => ({ value: one.id, label: <ChildLine child={one} /> }))}
          onChange={onChoose}
        />
      ) : (
        <ChildLine child={child} />
      )}
      <Link to="/executions/$id" params={{ id: child.id }}>
        <ExternalLink size={14} aria-hidden /> {t('inspector.openChild', { id: child.id })}
      </Link>
    </div>
  )
}

function ChildLine({ child }: { child: ExecutionSummary }) {
  return (
    <span className="f-row">
      <StatusBadge status={shownExecutionStatus(child)} />
      {child.workflowTitle} #{child.id}
    </span>
  )
}

function ChildView({ id }: { id: string }) {
  const { state, error, again } = useExecution(id)
  const types = useQuery(nodeTypesQuery)
  if (error && !state) return <Failure error={error} onRetry={again} missing={<Gone />} />
  if (!state || !types.data) return <Loading />
  return <ChildPage now={state} types={types.data.items} again={again} />
}

/** It was deleted while the one that started it is still there. */
function Gone() {
  const { t } = useTranslation()
  return <p className="f-quiet">{t('child.gone')}</p>
}

interface ChildProps {
  now: LiveExecution
  types: readonly NodeTypeInfo[]
  again: () => void
}

/** A page of its own inside the inspector; where one is in it is not in the address. */
function ChildPage({ now, types, again }: ChildProps) {
  const { moment } = useExecutionPage()
  const [place, setPlace] = useState<Place>({})
  const go = useCallback((next: Place) => setPlace((before) => ({ ...before, ...next })), [])
  const { dialog, ask } = useAsked()
  const page = usePage({ now, types, moment, place, go, ask, acted: again })
  return (
    <PageContext value={page}>
      <div className="f-child-graph">
        <NodeGraph />
      </div>
      <Inspector />
      {dialog && <RunActDialog {...dialog} />}
    </PageContext>
  )
}
