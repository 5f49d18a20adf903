// Workflows that call workflows: the names exist, and no chain of calls comes back.
import type { WorkflowDocument } from '../document.ts'
import { referredNames } from './config.ts'
import { type Check, type NodeTypeFacts, report, type WorkflowFacts } from './context.ts'

/** Keys of the workflows a document calls by fixed names: what `WorkflowFacts.calls` wants. */
export function callsOf(
  { nodes }: Pick<WorkflowDocument, 'nodes'>,
  nodeTypes: ReadonlyMap<string, NodeTypeFacts>,
): string[] {
  const calls = nodes.flatMap((node) => {
    const facts = nodeTypes.get(node.type)
    return facts ? referredNames({ node, facts, pointer: '' }, 'workflow').map(({ name }) => name) : []
  })
  return [...new Set(calls)]
}

export function checkCalls(check: Check): void {
  const known = new Map<string, string[] | undefined>()
  for (const located of check.nodes.values()) {
    for (const { name, pointer } of referredNames(located, 'workflow')) {
      const at = { pointer, node: located.node.id }
      const missing = missingWorkflow(check, name)
      if (missing) report(check, { code: 'unknown-workflow', message: missing, ...at })
      const way = known.has(name) ? known.get(name) : wayBack(check, name)
      known.set(name, way)
      if (!way) continue
      const message = `${[check.document.key, ...way].join(' → ')}: a workflow may not call itself`
      report(check, { code: 'recursion', message, ...at })
    }
  }
}

function missingWorkflow(check: Check, name: string): string | undefined {
  const { workflows } = check.context
  if (!workflows || name === check.document.key) return undefined
  const workflow = workflows.get(name)
  if (!workflow) return `There is no workflow ${name}`
  return workflow.published === undefined ? `The workflow ${name} has no published version` : undefined
}

/** The calls from `name` to the workflow at hand, both included; breadth first, so the shortest. */
function wayBack(check: Check, name: string): string[] | undefined {
  const { key } = check.document
  const workflows: ReadonlyMap<string, WorkflowFacts> = check.context.workflows ?? new Map()
  const cameFrom = new Map<string, string | undefined>([[name, undefined]])
  for (const at of cameFrom.keys()) {
    if (at === key) return trace(cameFrom, at)
    for (const next of workflows.get(at)?.calls ?? []) if (!cameFrom.has(next)) cameFrom.set(next, at)
  }
  return undefined
}

function trace(cameFrom: ReadonlyMap<string, string | undefined>, end: string): string[] {
  const way: string[] = []
  for (let at: string | undefined = end; at !== undefined; at = cameFrom.get(at)) way.unshift(at)
  return way
}
