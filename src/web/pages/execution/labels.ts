import type { Binding } from '../../../api/contract/node-runs.ts'
import { keyOf, nodeOf, ownerOf } from '../../../core/run-id.ts'
import { bindingOf, type ExecutionPage } from './context.ts'

const labels = new WeakMap<Binding, ReadonlyMap<string, string>>()

/** By record id; found once for each binding, which may have very many. */
function labelsOf(binding: Binding): ReadonlyMap<string, string> {
  const known = labels.get(binding) ?? new Map(binding.records.map(({ id, label }) => [id, label]))
  labels.set(binding, known)
  return known
}

/** Label of the record a run works on; undefined when it is bound to none. */
export function recordLabel(
  page: Pick<ExecutionPage, 'bindings' | 'nodes'>,
  run: string,
): string | undefined {
  const owner = ownerOf(run)
  const key = keyOf(run)
  if (owner === undefined || key === undefined || !page.nodes.get(nodeOf(run))?.bound) return undefined
  const binding = bindingOf(page, owner)
  return (binding && labelsOf(binding).get(key)) ?? key
}

export function nodeTitle(page: Pick<ExecutionPage, 'nodes'>, run: string): string {
  return page.nodes.get(nodeOf(run))?.title ?? nodeOf(run)
}

/** "Restart service · app-01": how an act names what it is done to. */
export function runTitle(page: Pick<ExecutionPage, 'bindings' | 'nodes'>, run: string): string {
  return [nodeTitle(page, run), recordLabel(page, run)].filter(Boolean).join(' · ')
}
