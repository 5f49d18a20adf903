// The workflows of the bench. "Set" takes `{ i, pad }` and gives `{ i: i + 1, pad }`, about 200 bytes.
import type { WorkflowDocument } from '../../src/core/document.ts'

export const pad = 'x'.repeat(100)
export const input = { i: 0, pad }

/** What each node of a chain computes from the one before it. */
export function step(before: string): { i: string; pad: string } {
  return { i: `{{ ${before}.i + 1 }}`, pad: `{{ ${before}.pad }}` }
}

/** Nodes in a row, named n0, n1 …; of type `set`, or an effect type that outputs its config. */
export function chain(
  key: string,
  { type, nodes: length }: { type: string; nodes: number },
): WorkflowDocument {
  const nodes = Array.from({ length }, (_, n) => {
    const values = step(n === 0 ? 'inputs' : `nodes.n${n - 1}.output`)
    return { id: `n${n}`, type, config: type === 'set' ? { values } : values }
  })
  const edges = nodes.slice(1).map((node, n) => ({ from: `n${n}`, to: node.id }))
  return { format: 'fermata/1', key, title: key, nodes, edges }
}
