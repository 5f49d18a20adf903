// What was unchecked in the preview, and what follows for the start. Pure.
import type { Binding } from '../../../api/contract/node-runs.ts'
import type { Preview, PreviewBinding } from '../../../api/contract/previews.ts'
import type { WorkflowDocument } from '../../../core/document.ts'

/** Ids of unchecked records by node. */
export type Unchecked = Readonly<Record<string, readonly string[]>>

export type Previewed = Pick<Preview, 'bindings' | 'document'>

/** Per node, the ids of the records it will work on. */
export type Worked = ReadonlyMap<string, ReadonlySet<string>>

export function isChecked(unchecked: Unchecked, node: string, record: string): boolean {
  return !unchecked[node]?.includes(record)
}

/** Checks (`on`) or unchecks some records of a node. */
export function toggle(
  unchecked: Unchecked,
  { node, records, on }: { node: string; records: readonly string[]; on: boolean },
): Unchecked {
  const meant = new Set(records)
  const others = (unchecked[node] ?? []).filter((id) => !meant.has(id))
  return { ...unchecked, [node]: on ? others : [...others, ...meant] }
}

/** The node whose checks decide about the records of this one: itself, or whose records it shares. */
export function chooserOf({ nodes }: Pick<WorkflowDocument, 'nodes'>, node: string): string {
  const seen = new Set<string>()
  let current = node
  while (!seen.has(current)) {
    seen.add(current)
    const bind = nodes.find(({ id }) => id === current)?.bind
    if (bind?.mode !== 'same-as' || bind.node === undefined) return current
    current = bind.node
  }
  return node
}

export function workedOn({ bindings, document }: Previewed, unchecked: Unchecked): Worked {
  return new Map(
    bindings.map(({ node, records }) => {
      const off = new Set(unchecked[chooserOf(document, node)])
      return [node, new Set(records.map(({ id }) => id).filter((id) => !off.has(id)))]
    }),
  )
}

/**
 * Begins as another execution did: what it did not work on is unchecked. That was unchecked before it, or was not
 * there yet: what is offered to an execution is not kept.
 */
export function uncheckedAs(former: readonly Binding[], bindings: readonly PreviewBinding[]): Unchecked {
  const fixed = bindings.filter(({ mode, problem }) => mode === 'start' && !problem)
  const left = fixed.flatMap(({ node, collection, records }): [string, string[]][] => {
    // Of another version the node may have led elsewhere, found its records later, or not have been there.
    const then = former.find((one) => one.run === node && one.collection === collection)
    if (!then || then.mode === 'run') return []
    const worked = new Set(then.records.map(({ id }) => id))
    const off = records.map(({ id }) => id).filter((id) => !worked.has(id))
    return off.length > 0 ? [[node, off]] : []
  })
  return Object.fromEntries(left)
}

/** Only bindings of mode `start` are fixed before the run. */
export function chosenBindings(
  bindings: readonly PreviewBinding[],
  worked: Worked,
): Record<string, string[]> {
  const fixed = bindings.filter((binding) => binding.mode === 'start' && !binding.problem)
  return Object.fromEntries(fixed.map(({ node }) => [node, [...(worked.get(node) ?? [])]]))
}

/** Records left checked, by node: what the cards show. */
export const chosenCounts = (worked: Worked): Record<string, number> =>
  Object.fromEntries([...worked].map(([node, records]) => [node, records.size]))

/** Different records the execution will work on, by collection. */
export function countTouched(bindings: readonly PreviewBinding[], worked: Worked): Map<string, number> {
  const touched = new Map<string, Set<string>>()
  for (const { node, collection } of bindings) {
    const records = worked.get(node)
    if (collection === undefined || !records || records.size === 0) continue
    touched.set(collection, new Set([...(touched.get(collection) ?? []), ...records]))
  }
  return new Map([...touched].map(([collection, records]) => [collection, records.size]))
}

/** The graph shows the nodes that will work on a record, not those that could. */
export function withChoices(graph: Preview['graph'], worked: Worked): Preview['graph'] {
  const nodes = graph.nodes.map((record) => ({
    ...record,
    boundBy: record.boundBy.filter((node) => worked.get(node)?.has(record.id)),
  }))
  return { ...graph, nodes }
}

/** What was unchecked, and what it was before each change. */
export interface History {
  now: Unchecked
  past: readonly Unchecked[]
}

export const untouched = (now: Unchecked): History => ({ now, past: [] })
const mostPast = 100

export const changed = ({ now, past }: History, next: Unchecked): History => ({
  now: next,
  past: [...past, now].slice(-mostPast),
})

export function undone({ now, past }: History): History {
  return { now: past.at(-1) ?? now, past: past.slice(0, -1) }
}
