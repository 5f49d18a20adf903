// graphile-worker: a queue. Each of ten jobs adds the next one; batching as its performance page advises.
import { pad } from '../../run/documents.ts'
import { keepEnds } from '../ends.ts'
import { fromInstall, serve } from '../program.ts'

interface Step {
  run: number
  /** The n-th of ten, from 1. */
  n: number
  i: number
  pad: string
}
type AddJob = (task: string, payload: Step) => Promise<unknown>
interface GraphileWorker {
  run(options: Record<string, unknown>): Promise<{ addJob: AddJob; stop(): Promise<void> }>
}

serve(async (place) => {
  const { run } = fromInstall<GraphileWorker>(place, 'graphile-worker')
  const ends = keepEnds()
  const step = async ({ run: chain, n, i, pad: padding }: Step, { addJob }: { addJob: AddJob }) => {
    if (n === 10) ends.ended(chain, i + 1)
    else await addJob('step', { run: chain, n: n + 1, i: i + 1, pad: padding })
  }
  const worker = {
    connectionString: place.databaseUrl,
    maxPoolSize: 26,
    concurrentJobs: 24,
    localQueue: { size: 100 },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
  }
  const quiet = { log() {} }
  const runner = await run({
    preset: { worker },
    taskList: { step },
    noHandleSignals: true,
    events: undefined,
    quiet,
  })
  return {
    works: {
      w10: (i) => ends.run((chain) => runner.addJob('step', { run: chain, n: 1, i, pad })),
    },
    close: () => runner.stop(),
  }
})
