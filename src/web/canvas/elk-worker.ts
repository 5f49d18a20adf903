// ELK in a web worker, spoken to in its own messages; answers are kept by the key of the drawing.
import type { ElkNode } from 'elkjs/lib/elk-api.js'
import elkWorkerUrl from 'elkjs/lib/elk-worker.min.js?url'
import { type Placement, placementOf } from './elk-graph.ts'

interface Answer {
  id: number
  data?: ElkNode
  error?: unknown
}

const placements = new Map<string, Promise<Placement>>()
const waiting = new Map<number, (answer: Answer) => void>()
let lastId = 0
const warmUp: ElkNode = {
  id: '',
  layoutOptions: { 'elk.algorithm': 'layered' },
  children: [1, 2, 3].map((n) => ({ id: `${n}`, width: 9, height: 9 })),
  edges: [
    { id: 'a', sources: ['1'], targets: ['2'] },
    { id: 'b', sources: ['1'], targets: ['3'] },
  ],
}
/** Starts with the page that has a graph: reading its 1.5 MB takes as long as asking for what is to be drawn. */
const worker = typeof Worker === 'undefined' ? undefined : startWorker()

function startWorker(): Worker {
  const started = new Worker(elkWorkerUrl)
  started.onmessage = (event: MessageEvent<Answer>) => waiting.get(event.data.id)?.(event.data)
  started.postMessage({ id: 0, cmd: 'register', algorithms: ['layered'] })
  // The first graph it lays out takes twice as long as the next: let that be one that nobody waits for.
  started.postMessage({ id: 0, cmd: 'layout', graph: warmUp, layoutOptions: {}, options: {} })
  return started
}

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
}

/** More drawings than a person goes back to. */
const mostKept = 50

/** The places of a drawing; laid out once, then remembered. */
export function layOut({ key, graph }: Drawing): Promise<Placement> {
  const known = placements.get(key)
  if (known) return known
  const placed = askElk(graph()).then(placementOf)
  if (placements.size >= mostKept) placements.delete(placements.keys().next().value ?? '')
  placements.set(key, placed)
  placed.catch(() => placements.delete(key))
  return placed
}
