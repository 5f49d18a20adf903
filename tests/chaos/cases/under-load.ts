// Executions keep coming while something is done to the engines.
import { setTimeout as pause } from 'node:timers/promises'
import type { Stage } from '../harness/run-chaos.ts'

const mostUnacknowledged = 24

/** Starts executions, as long as the work is not done and fewer than `wanted` have been started. */
export async function underLoad<T>(
  { load, random }: Pick<Stage, 'load' | 'random'>,
  wanted: () => number,
  work: Promise<T>,
): Promise<T> {
  const pace = random.fork('pace')
  let isOver = false
  const loading = (async () => {
    while (!isOver) {
      if (load.sent.starts.length < wanted() && load.unacknowledged < mostUnacknowledged) void load.start()
      await pause(pace.int(1, 60))
    }
  })()
  try {
    return await work
  } finally {
    isOver = true
    await loading
  }
}
