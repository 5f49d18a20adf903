import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { NodeTypeInfo } from '../../../api/contract/node-types.ts'
import { isEnded } from '../../../core/statuses.ts'
import type { LiveStatus } from '../../data/follow-execution.ts'
import type { LiveExecution } from '../../data/live-state.ts'
import { nodeTypesQuery } from '../../data/queries.ts'
import { useExecution } from '../../data/use-execution.ts'
import { type LiveMark, useShowLive } from '../../ui/live-mark.ts'
import { Failure, Loading } from '../../ui/messages.tsx'
import { useNameThing } from '../../ui/thing-name.ts'
import { type ExecutionPage, PageContext, type Place } from './context.ts'
import { ExecutionBody } from './execution-body.tsx'
import { ExecutionHeader } from './header.tsx'
import { RunActDialog } from './run-act-dialog.tsx'
import { Scrubber } from './scrubber.tsx'
import { useAsked } from './use-asked.ts'
import { useKeys } from './use-keys.ts'
import { useMoment } from './use-moment.ts'
import { usePage } from './use-page.ts'
import './execution.css'

export function Execution() {
  const { id } = useParams({ from: '/executions/$id' })
  return <FollowedExecution key={id} id={id} />
}

function FollowedExecution({ id }: { id: string }) {
  const { state, error, live, again } = useExecution(id)
  const types = useQuery(nodeTypesQuery)
  useShowLive(markOf(live, state))
  const failure = error ?? types.error
  if (failure && !state) return <Failure error={failure} onRetry={again} />
  if (!state || !types.data) return <Loading />
  return <ShownExecution now={state} types={types.data.items} live={live} again={again} />
}

/** That it has ended is told only by a connection that would tell if somebody reopened it. */
function markOf(live: LiveStatus, state: LiveExecution | undefined): LiveMark {
  if (live === 'loading' || live === 'refused') return undefined
  return live === 'live' && state && isEnded(state.execution.status) ? 'ended' : live
}

interface ShownProps {
  now: LiveExecution
  types: readonly NodeTypeInfo[]
  live: LiveStatus
  again: () => void
}

function ShownExecution({ now, types, live, again }: ShownProps) {
  const { id, workflowTitle, startedAt, createdAt } = now.execution
  useNameThing(id, `${workflowTitle} #${id}`)
  const { moment, setMoment } = useMoment(Date.parse(startedAt ?? createdAt))
  const { place, go } = usePlaceInAddress()
  const acted = useCallback(() => {
    if (live !== 'live') again()
  }, [live, again])
  const { dialog, ask } = useAsked()
  const page: ExecutionPage = usePage({ now, types, moment, place, go, ask, acted })
  useKeys(page)
  return (
    <PageContext value={page}>
      <div className="f-page f-page-fill">
        <ExecutionHeader setMoment={setMoment} />
        <ExecutionBody moment={moment} hasRecords={now.execution.target !== undefined} />
        <Scrubber setMoment={setMoment} />
      </div>
      {dialog && <RunActDialog {...dialog} />}
    </PageContext>
  )
}

function usePlaceInAddress(): { place: Place; go: (place: Place) => void } {
  const { run, attempt, view, line } = useSearch({ from: '/executions/$id' })
  const navigate = useNavigate({ from: '/executions/$id' })
  const go = useCallback(
    (next: Place) =>
      void navigate({
        search: (before) =>
          Object.fromEntries(
            Object.entries({ ...before, ...next }).filter(([, value]) => value !== undefined),
          ),
        replace: true,
      }),
    [navigate],
  )
  return { place: { run, attempt, view, line }, go }
}
