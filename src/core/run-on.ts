// Where an effect runs: the tag a process must have, asked for by its node, a container around it, or the workflow.
import type { NodeDocument, WorkflowDocument } from './document.ts'

/** Takes back what a container or the workflow asks for. */
export const anywhere = 'anywhere'

/** Undefined: any process. */
export function runOnOf(
  node: Pick<NodeDocument, 'parent' | 'policy'>,
  nodes: ReadonlyMap<string, Pick<NodeDocument, 'parent' | 'policy'>>,
  settings: WorkflowDocument['settings'],
): string | undefined {
  // Drafts may be broken: a container may contain itself.
  const seen = new Set<unknown>()
  for (let at: typeof node | undefined = node; at && !seen.has(at); at = nodes.get(at.parent ?? '')) {
    seen.add(at)
    const tag = at.policy?.runOn
    if (tag !== undefined) return tag === anywhere ? undefined : tag
  }
  return settings?.runOn === anywhere ? undefined : settings?.runOn
}
