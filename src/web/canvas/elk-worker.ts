// ELK in a web worker, spoken to in its own messages; answers are kept by the key of the drawing.
import type { ElkNode } from 'elkjs/lib/elk-api.js'
import elkWorkerUrl from 'elkjs/lib/elk-worker.min.js?url'
import { elkGraphOf, type Placement, placementOf } from './elk-graph.ts'
import type { Structure } from './structure.ts'

interface Answer {
  id: number
  data?: ElkNode
  error?: unknown
}

const placements = new Map<string, Promise<Placement>>()
const waiting = new Map<number, (answer: Answer) => void>()
let worker: Worker | undefined
let lastId = 0

function startWorker(): Worker {
  const started = new Worker(elkWorkerUrl)
  started.onmessage = (event: MessageEvent<Answer>) => waiting.get(event.data.id)?.(event.data)
  started.postMessage({ id: 0, cmd: 'register', algorithms: ['layered'] })
  return started
}

function askElk(graph: ElkNode): Promise<ElkNode> {
  worker ??= startWorker()
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

/** The places of a structure; laid out once, then remembered. */
export function layOut(structure: Structure): Promise<Placement> {
  const known = placements.get(structure.key)
  if (known) return known
  const placed = askElk(elkGraphOf(structure)).then(placementOf)
  placements.set(structure.key, placed)
  placed.catch(() => placements.delete(structure.key))
  return placed
}
