// The child's side: opens the system under test, drives it in a closed loop, checks every result.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { median } from '../run/median.ts'
import type { Answer, LoadOrder, LoadResult, Order, Place, Work } from './protocol.ts'

export interface Program {
  /**
   * Each runs one execution of W10 from `i` to its end and answers the number it ended with; nothing when only
   * `check` can tell.
   */
  works: Partial<Record<Work, (i: number) => Promise<number | undefined>>>
  /** Asked after each load, outside the measured time: throws when the store does not hold all of them. */
  check?(work: Work, completed: number): Promise<void>
  close(): Promise<void>
}

/** A package of the system under test, which the type checker has never seen. */
export function fromInstall<T>(place: Place, name: string): T {
  return createRequire(join(place.install, 'package.json'))(name) as T
}

export function serve(open: (place: Place) => Promise<Program>): void {
  let program: Program | undefined
  const answer = (value: Answer) => process.send?.(value)
  const obey = async (order: Order): Promise<void> => {
    if (order.do === 'open') {
      program = await open(order.place)
      answer({ ready: true })
    } else if (order.do === 'load') {
      answer({ result: await runLoad(opened(program), order.load) })
    } else {
      await program?.close()
      process.exit(0)
    }
  }
  process.on('message', (order: Order) => {
    obey(order).catch((error: unknown) => answer({ error: String((error as Error)?.stack ?? error) }))
  })
  // The bench was killed: leave no server behind.
  process.on('disconnect', () => obey({ do: 'close' }).catch(() => process.exit(1)))
}

function opened(program: Program | undefined): Program {
  if (!program) throw new Error('A load before the program was opened')
  return program
}

async function runLoad(program: Program, { work, inFlight, ms }: LoadOrder): Promise<LoadResult> {
  const run = program.works[work]
  if (!run) throw new Error(`This program does not do '${work}'`)
  const cpu = process.cpuUsage()
  const latencies: number[] = []
  const started = performance.now()
  const until = started + ms
  let last = started
  let next = 0
  const one = async (): Promise<void> => {
    while (performance.now() < until) {
      const i = next++ % 1000
      const at = performance.now()
      const end = await run(i)
      if (end !== undefined && end !== i + 10) throw new Error(`W10 from ${i} ended with ${end}`)
      last = performance.now()
      latencies.push(last - at)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  const used = process.cpuUsage(cpu)
  await program.check?.(work, latencies.length)
  return {
    completed: latencies.length,
    seconds: (last - started) / 1000,
    p50: median(latencies),
    cpuSeconds: (used.user + used.system) / 1e6,
  }
}
