// Work that is done again and again in this process: after the time it answers, or sooner when poked; never twice at a time.
import type { Log } from './core.ts'

export interface Repeating {
  /** The next look comes now, or soon after the last one; never later than it would have. */
  poke(): void
  /** Waits for what is under way. */
  stop(): Promise<void>
}

interface RepeatOptions {
  log: Log
  /** Said when it failed: `Schedules could not be looked at`. */
  failure: string
  /** After a failure. */
  retryMs: number
  /** Between two looks, however often it is poked; default 0. */
  leastMs?: number
}

/** `work` answers in how many milliseconds it wants to be called again. */
export function repeat(
  { log, failure, retryMs, leastMs = 0 }: RepeatOptions,
  work: () => Promise<number>,
): Repeating {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let lastEnd = 0
  let plannedAt = Number.POSITIVE_INFINITY
  let isPoked = false
  let isStopped = false

  async function once(): Promise<void> {
    isPoked = false
    const wait = await work().catch((error: unknown) => {
      log.warn({ err: error }, `${failure}; trying again`)
      return retryMs
    })
    running = undefined
    lastEnd = performance.now()
    plan(isPoked ? Math.min(wait, leastMs) : wait)
  }

  function plan(afterMs: number): void {
    const at = performance.now() + afterMs
    if (isStopped || at >= plannedAt) return
    clearTimeout(timer)
    plannedAt = at
    timer = setTimeout(run, afterMs)
  }

  function run(): void {
    plannedAt = Number.POSITIVE_INFINITY
    running = once()
  }

  run()
  return {
    poke() {
      if (isPoked) return
      isPoked = true
      if (!running) plan(Math.max(0, leastMs - (performance.now() - lastEnd)))
    },
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}
