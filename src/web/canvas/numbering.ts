// Running numbers 1…n: containers before their bodies, nodes after all they follow, otherwise as written.
import type { NodeDocument, WorkflowDocument } from '../../core/document.ts'

export function numberNodes(document: WorkflowDocument): Map<string, number> {
  const inbound = new Map<string, string[]>()
  for (const edge of document.edges) inbound.set(edge.to, [...(inbound.get(edge.to) ?? []), edge.from])
  const bodies = Map.groupBy(document.nodes, (node) => node.parent)
  const numbers = new Map<string, number>()
  numberBody(undefined, { bodies, inbound, numbers })
  return numbers
}

interface Work {
  bodies: Map<string | undefined, NodeDocument[]>
  inbound: Map<string, string[]>
  numbers: Map<string, number>
}

function numberBody(parent: string | undefined, work: Work): void {
  let waiting = work.bodies.get(parent) ?? []
  while (waiting.length > 0) {
    const here = new Set(waiting.map((node) => node.id))
    const isReady = (node: NodeDocument): boolean =>
      (work.inbound.get(node.id) ?? []).every((from) => !here.has(from) || from === node.id)
    // A broken draft may have a cycle: then the first one written goes first.
    const next = waiting.find(isReady) ?? waiting[0]
    if (!next) return
    waiting = waiting.filter((node) => node !== next)
    if (work.numbers.has(next.id)) continue
    work.numbers.set(next.id, work.numbers.size + 1)
    numberBody(next.id, work)
  }
}
