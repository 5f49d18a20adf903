// Puts together what the parts of the page share, out of the execution and of where somebody is.
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import type { Binding } from '../../../api/contract/node-runs.ts'
import type { NodeTypeInfo } from '../../../api/contract/node-types.ts'
import { nodeOf } from '../../../core/run-id.ts'
import { drawingOf } from '../../canvas/drawing.ts'
import { layOut } from '../../canvas/elk-worker.ts'
import { riskyAround } from '../../canvas/run-index.ts'
import { statusAmong } from '../../canvas/run-status.ts'
import { structureOf } from '../../canvas/structure.ts'
import { type LiveExecution, lastRuns } from '../../data/live-state.ts'
import { bindingsQuery } from '../../data/queries.ts'
import { stateAt } from '../../data/state-at.ts'
import { countsOf, type ExecutionPage, type Place } from './context.ts'
import { firstSelection } from './selection.ts'
import { useActs } from './use-acts.ts'

interface Parts {
  now: LiveExecution
  types: readonly NodeTypeInfo[]
  moment: number | undefined
  place: Place
  go: (place: Place) => void
  ask: ExecutionPage['ask']
  acted: () => void
}

const none: readonly Binding[] = []
const nothing = '-'

export function usePage({ now, types, moment, place, go, ask, acted }: Parts): ExecutionPage {
  const { document, id, seq } = now.execution
  const acts = useActs(id, seq)
  const structure = useMemo(() => {
    const drawn = structureOf(document, new Map(types.map((type) => [type.type, type])))
    // Laid out while the rest of the page is drawn; the canvas then finds its places.
    layOut(drawingOf(drawn)).catch(() => undefined)
    return drawn
  }, [document, types])
  const nodes = useMemo(() => new Map(structure.nodes.map((node) => [node.id, node])), [structure])
  const live = useMemo(() => (moment === undefined ? now : stateAt(now, acts, moment)), [now, acts, moment])
  const last = useMemo(() => new Map(lastRuns(live).map((run) => [run.id, run])), [live])
  const boundRuns = useMemo(
    () => [...now.runs.keys()].filter((run) => !run.endsWith(']') && nodes.get(nodeOf(run))?.bound).length,
    [now.runs, nodes],
  )
  const rebinds = acts.filter(({ act }) => act === 'rebind').length
  const bindings = useQuery(bindingsQuery(id, boundRuns + rebinds))
  const bound = bindings.data?.items ?? none
  const statusOf = useMemo(
    () => statusAmong({ risky: riskyAround(last.values()), bound: countsOf(bound) }),
    [last, bound],
  )
  const first = useFirst(place, last)
  const select = useCallback(
    (run: string | undefined) =>
      go({ run: run ?? nothing, attempt: undefined, view: undefined, line: undefined }),
    [go],
  )
  return {
    now,
    live,
    moment,
    acts,
    structure,
    nodes,
    last,
    statusOf,
    bindings: bound,
    bindingsRead: boundRuns + rebinds,
    selected: place.run === undefined ? first : place.run === nothing ? undefined : place.run,
    select,
    ask,
    place,
    go,
    acted,
  }
}

/** What is shown until somebody selects: what failed or waits, and once that is dealt with, still that. */
function useFirst(place: Place, last: ExecutionPage['last']): string | undefined {
  const [shown, setShown] = useState<string>()
  const first = useMemo(
    () => (place.run === undefined ? firstSelection([...last.values()]) : undefined),
    [place.run, last],
  )
  if (first !== undefined && first !== shown) setShown(first)
  return first ?? shown
}
