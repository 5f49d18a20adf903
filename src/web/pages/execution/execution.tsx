import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import type { Binding, NodeRun } from '../../../api/contract/node-runs.ts'
import type { NodeTypeInfo } from '../../../api/contract/node-types.ts'
import { structureOf } from '../../canvas/structure.ts'
import { type LiveExecution, lastRuns } from '../../data/live-state.ts'
import { bindingsQuery, nodeTypesQuery } from '../../data/queries.ts'
import { useExecution } from '../../data/use-execution.ts'
import { useShowLive } from '../../ui/live-mark.ts'
import { ErrorPanel, Loading } from '../../ui/messages.tsx'
import { type ExecutionPage, PageContext } from './context.ts'
import { ExecutionBody } from './execution-body.tsx'
import { ExecutionHeader } from './header.tsx'
import { firstSelection } from './selection.ts'
import './execution.css'

export function Execution() {
  const { id } = useParams({ from: '/executions/$id' })
  return <FollowedExecution key={id} id={id} />
}

function FollowedExecution({ id }: { id: string }) {
  const { state, error, live, again } = useExecution(id)
  const types = useQuery(nodeTypesQuery)
  useShowLive(live === 'loading' ? undefined : live)
  const failure = error ?? types.error
  if (failure && !state) return <ErrorPanel error={failure} onRetry={again} />
  if (!state || !types.data) return <Loading />
  return <ShownExecution live={state} types={types.data.items} again={again} />
}

interface ShownProps {
  live: LiveExecution
  types: readonly NodeTypeInfo[]
  again: () => void
}

function ShownExecution({ live, types, again }: ShownProps) {
  const page = usePage(live, types, again)
  return (
    <PageContext value={page}>
      <div className="f-page f-page-fill">
        <ExecutionHeader />
        <ExecutionBody />
      </div>
    </PageContext>
  )
}

function usePage(live: LiveExecution, types: readonly NodeTypeInfo[], again: () => void): ExecutionPage {
  const { document, id } = live.execution
  const structure = useMemo(
    () => structureOf(document, new Map(types.map((type) => [type.type, type]))),
    [document, types],
  )
  const last = useMemo(() => new Map(lastRuns(live).map((run) => [run.id, run])), [live])
  const boundRuns = [...last.values()].filter(
    (run) => structure.nodes.find((node) => node.id === run.node)?.bound,
  )
  const bindings = useQuery(bindingsQuery(id, boundRuns.length))
  const nodes = useMemo(() => new Map(structure.nodes.map((node) => [node.id, node])), [structure])
  const { selected, select } = useSelection([...last.values()])
  return {
    live,
    structure,
    nodes,
    last,
    bindings: bindings.data?.items ?? none,
    selected,
    select,
    acted: again,
  }
}

const none: readonly Binding[] = []
const nothing = '-'

/** In the URL; without it the page opens on what needs attention. */
function useSelection(runs: readonly NodeRun[]) {
  const { run } = useSearch({ from: '/executions/$id' })
  const navigate = useNavigate({ from: '/executions/$id' })
  const select = useCallback(
    (next: string | undefined) =>
      void navigate({
        search: ({ attempt: _attempt, view: _view, ...rest }) => ({ ...rest, run: next ?? nothing }),
        replace: true,
      }),
    [navigate],
  )
  const selected = run === undefined ? firstSelection(runs) : run === nothing ? undefined : run
  return { selected, select }
}
