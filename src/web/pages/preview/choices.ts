// What was unchecked in the preview, and what follows for the start. Pure.
import type { PreviewBinding } from '../../../api/contract/previews.ts'

/** Ids of unchecked records by node. */
export type Unchecked = Readonly<Record<string, readonly string[]>>

export function isChecked(unchecked: Unchecked, node: string, record: string): boolean {
  return !unchecked[node]?.includes(record)
}

/** Checks (`on`) or unchecks some records of a node. */
export function toggle(
  unchecked: Unchecked,
  { node, records, on }: { node: string; records: readonly string[]; on: boolean },
): Unchecked {
  const others = (unchecked[node] ?? []).filter((id) => !records.includes(id))
  return { ...unchecked, [node]: on ? others : [...others, ...records] }
}

/** Only bindings of mode `start` are fixed before the run. */
export function chosenBindings(
  bindings: readonly PreviewBinding[],
  unchecked: Unchecked,
): Record<string, string[]> {
  const fixed = bindings.filter((binding) => binding.mode === 'start' && !binding.problem)
  return Object.fromEntries(
    fixed.map((binding) => [
      binding.node,
      binding.records.map((record) => record.id).filter((id) => isChecked(unchecked, binding.node, id)),
    ]),
  )
}

/** Records left checked, by node: what the cards show. */
export function chosenCounts(
  bindings: readonly PreviewBinding[],
  unchecked: Unchecked,
): Record<string, number> {
  const chosen = chosenBindings(bindings, unchecked)
  return Object.fromEntries(
    bindings.map((binding) => [binding.node, (chosen[binding.node] ?? binding.records).length]),
  )
}

/** Different records the execution will work on. */
export function countTouched(bindings: readonly PreviewBinding[], unchecked: Unchecked): number {
  const touched = new Set<string>()
  for (const binding of bindings)
    for (const record of binding.records)
      if (binding.mode !== 'start' || isChecked(unchecked, binding.node, record.id))
        touched.add(`${binding.collection}:${record.id}`)
  return touched.size
}
