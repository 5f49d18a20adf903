// Bindings of mode `start`: found before the first node runs, cut down to what the user left checked, stored.
import type { NodeDocument } from '../core/document.ts'
import { AppError } from '../core/errors.ts'
import type { BindingRow } from '../store/save.ts'
import type { Core } from './core.ts'
import type { Live } from './live.ts'
import { authorityOf } from './scope.ts'

/** `chosen`: per node, the ids left checked in the preview. Throws `invalid-binding` for what was never offered. */
export async function bindAtStart(
  core: Core,
  live: Live,
  chosen: Record<string, string[]> = {},
): Promise<BindingRow[]> {
  checkNames(live, chosen)
  const rows: BindingRow[] = []
  for (const node of live.version.boundAtStart) {
    rows.push(await bindNode(core, live, { node, chosen: chosen[node.id] }))
  }
  return rows
}

function checkNames(live: Live, chosen: Record<string, string[]>): void {
  for (const name of Object.keys(chosen)) {
    if (live.version.boundAtStart.some(({ id }) => id === name)) continue
    const detail = `Node '${name}' has no binding that is chosen at the start.`
    throw new AppError('invalid-binding', detail, {
      pointer: `/bindings/${name}`,
      why: { key: 'not-chosen-at-start', node: name },
    })
  }
}

async function bindNode(
  core: Core,
  live: Live,
  of: { node: NodeDocument; chosen: string[] | undefined },
): Promise<BindingRow> {
  const { node, chosen } = of
  const found = await core.services.evaluateBinding(authorityOf(live), node, live.target)
  const records = chosen ? keepChosen(node, found.records, chosen) : found.records
  const ids = records.map(({ id }) => id)
  const { collection, toOne } = found
  live.bindings.set(node.id, ids)
  live.bindingInfo.set(node.id, { collection, toOne })
  return {
    run: node.id,
    collection,
    records: ids,
    labels: records.map(({ label }) => label),
    mode: 'start',
    toOne,
  }
}

function keepChosen<R extends { id: string }>(node: NodeDocument, found: R[], chosen: string[]): R[] {
  const offered = new Set(found.map(({ id }) => id))
  const stranger = chosen.findIndex((id) => !offered.has(id))
  if (stranger >= 0) {
    const detail = `Record ${chosen[stranger]} is not among those node '${node.id}' can work on.`
    throw new AppError('invalid-binding', detail, {
      pointer: `/bindings/${node.id}/${stranger}`,
      why: { key: 'not-offered', record: chosen[stranger] ?? '', node: node.title ?? node.id },
    })
  }
  const kept = new Set(chosen)
  return found.filter(({ id }) => kept.has(id))
}
