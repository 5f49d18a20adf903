// ELK in a web worker, spoken to in its own messages; answers are kept by the key of the drawing.
import type { ElkNode } from 'elkjs/lib/elk-api.js'
import { type Placement, placementOf } from './elk-graph.ts'
import { layoutWorker } from './layout-worker.ts'

interface Answer {
  id: number
  data?: ElkNode
  error?: unknown
}

const placements = new Map<string, Promise<Placement>>()
const waiting = new Map<number, (answer: Answer) => void>()
let lastId = 0
const worker = layoutWorker()
worker?.addEventListener('message', (event: MessageEvent<Answer>) => waiting.get(event.data.id)?.(event.data))

function askElk(graph: ElkNode): Promise<ElkNode> {
  lastId += 1
  const id = lastId
  return new Promise((resolve, reject) => {
    waiting.set(id, (answer) => {
      waiting.delete(id)
      if (answer.data) resolve(answer.data)
      else reject(new Error('The graph could not be laid out', { cause: answer.error }))
    })
    worker?.postMessage({ id, cmd: 'layout', graph, layoutOptions: {}, options: {} })
  })
}

export interface Drawing {
  /** Same key, same places. */
  key: string
  graph: () => ElkNode
  /** A way that is faster, where it leads to places. */
  quick?: () => Placement | undefined
}

/** More drawings than a person goes back to. */
const mostKept = 50

/** The places of a drawing; laid out once, then remembered. */
export function layOut({ key, graph, quick }: Drawing): Promise<Placement> {
  const known = placements.get(key)
  if (known) return known
  const found = quick?.()
  const placed = found ? Promise.resolve(found) : askElk(graph()).then(placementOf)
  if (placements.size >= mostKept) placements.delete(placements.keys().next().value ?? '')
  placements.set(key, placed)
  placed.catch(() => placements.delete(key))
  return placed
}
