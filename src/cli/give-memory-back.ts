// What a start or a burst of work has used goes back to the machine once nothing happens: V8 keeps the room it needed,
// young objects alone have up to 130 MB of it (docs/adr/0019), until something makes it look.
import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const firstLookMs = 2000
const lookEveryMs = 30_000
const idleBelow = 0.1
const worthBytes = 16 * 2 ** 20

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void

function collector(): Collect {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as Collect
  setFlagsFromString('--no-expose-gc')
  return collect
}

/** Keeps no process alive. A look that finds something takes a tenth of a second. */
export function giveMemoryBackWhenIdle(): void {
  const collect = collector()
  let small = 0
  let before = performance.eventLoopUtilization()
  const look = (isFirst: boolean): void => {
    const { utilization } = performance.eventLoopUtilization(before)
    before = performance.eventLoopUtilization()
    if (isFirst || (utilization < idleBelow && process.memoryUsage.rss() > small + worthBytes)) {
      collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
      small = process.memoryUsage.rss()
    }
    setTimeout(() => look(false), lookEveryMs).unref()
  }
  setTimeout(() => look(true), firstLookMs).unref()
}
