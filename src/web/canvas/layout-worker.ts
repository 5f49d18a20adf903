// The web worker that lays graphs out. Started by the address of a page that has one: reading its 1.5 MB takes as long
// as loading the page.
import type { ElkNode } from 'elkjs/lib/elk-api.js'
import elkWorkerUrl from 'elkjs/lib/elk-worker.min.js?url'

const warmUp: ElkNode = {
  id: '',
  layoutOptions: { 'elk.algorithm': 'layered' },
  children: [1, 2, 3].map((n) => ({ id: `${n}`, width: 9, height: 9 })),
  edges: [
    { id: 'a', sources: ['1'], targets: ['2'] },
    { id: 'b', sources: ['1'], targets: ['3'] },
  ],
}

let worker: Worker | undefined

/** Undefined where there are no workers: in tests. */
export function layoutWorker(): Worker | undefined {
  if (typeof Worker !== 'undefined') worker ??= startWorker()
  return worker
}

function startWorker(): Worker {
  const started = new Worker(elkWorkerUrl)
  started.postMessage({ id: 0, cmd: 'register', algorithms: ['layered'] })
  // The first graph it lays out takes twice as long as the next: let that be one that nobody waits for.
  started.postMessage({ id: 0, cmd: 'layout', graph: warmUp, layoutOptions: {}, options: {} })
  return started
}
