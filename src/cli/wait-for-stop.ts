import { type Io, note } from './io.ts'

const forceAfterMs = 25_000

/** Resolves at the first signal. The second one, or 25 s, end the process whatever is left. */
export function waitForStop(io: Io): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    const stop = () => {
      if (asked) process.exit(1)
      asked = true
      note(io, 'Stopping: what runs is finished or handed back. Press Ctrl-C again to stop at once.')
      setTimeout(() => process.exit(1), forceAfterMs).unref()
      resolve()
    }
    process.on('SIGINT', stop).on('SIGTERM', stop)
  })
}
