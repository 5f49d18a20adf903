import { elkGraphOf, manyNodes } from './elk-graph.ts'
import type { Drawing } from './elk-worker.ts'
import { placeInSeries } from './series-parallel.ts'
import type { Structure } from './structure.ts'

/** What `layOut` wants. */
export const drawingOf = (structure: Structure): Drawing => ({
  key: structure.key,
  graph: () => elkGraphOf(structure),
  ...(structure.nodes.length > manyNodes ? { quick: () => placeInSeries(structure) } : {}),
})
