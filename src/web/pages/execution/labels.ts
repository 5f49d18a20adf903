import { keyOf, nodeOf, ownerOf } from '../../../core/run-id.ts'
import { bindingOf, type ExecutionPage } from './context.ts'

/** Label of the record a run works on; undefined when it is bound to none. */
export function recordLabel(page: ExecutionPage, run: string): string | undefined {
  const owner = ownerOf(run)
  const key = keyOf(run)
  if (owner === undefined || key === undefined) return undefined
  const record = bindingOf(page, owner)?.records.find((candidate) => candidate.id === key)
  return record?.label ?? page.last.get(run)?.record ?? key
}

export function nodeTitle(page: ExecutionPage, run: string): string {
  const node = page.nodes.get(nodeOf(run))
  return node ? node.title : nodeOf(run)
}

/** "Restart service · app-01": how an act names what it is done to. */
export function runTitle(page: ExecutionPage, run: string): string {
  return [nodeTitle(page, run), recordLabel(page, run)].filter(Boolean).join(' · ')
}
