// W10 at an even pace, whatever else is measured: not as fast as it can.
import { input } from '../run/documents.ts'
import { type Bench, complete } from '../run/engine.ts'

const perSecond = 100

export interface SteadyLoad {
  perSecond: number
  /** Milliseconds from start to end of each execution. */
  times: number[]
}

/** Starts executions of `w10` until stopped. */
export function startLoad({ engine }: Bench): { stop(): Promise<SteadyLoad> } {
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  const times: number[] = []
  const running = new Set<Promise<unknown>>()
  const timer = setInterval(() => {
    for (let n = times.length + running.size; n < seconds() * perSecond; n++) {
      const at = performance.now()
      const one = complete(engine, { workflow: 'w10', inputs: input }).then(() => {
        times.push(performance.now() - at)
        running.delete(one)
      })
      running.add(one)
    }
  }, 10)
  return {
    async stop() {
      clearInterval(timer)
      await Promise.all(running)
      return { perSecond: times.length / seconds(), times }
    },
  }
}
