// A process is stopped (SIGSTOP) inside an effect, taken for dead, and comes back with its result.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chain, publish, runsOf } from '../../helpers/engine.ts'
import type { Drill } from './stage.ts'

const count = 2
const later = 10

export const stopped: Drill = async (stage) => {
  const goOn = (pid: number | string) => join(stage.folder, `go-on-${pid}`)
  const nodes = [
    { id: 'slow', type: 'safe-effect', config: { until: goOn('{pid}') } },
    { id: 'next', type: 'safe-effect', config: {} },
  ]
  await publish(stage.pool, chain('stopped', nodes))
  await publish(stage.pool, chain('later', [{ id: 'a', type: 'safe-effect', config: {} }]))
  // Its heart does not beat again, so that it does not find out by itself that it was taken for dead.
  const [sleeper] = await stage.children(1, { beatMs: 600_000 })
  const ids = (await sleeper?.start(Array.from({ length: count }, () => ({ workflow: 'stopped' })))) ?? []
  await stage.reach(() => stage.lines().length === count)
  sleeper?.signal('SIGSTOP')
  const [other] = await stage.children(1)
  await stage.reach(() => stage.lines().length === 2 * count)
  // The one that lost its claims ends first; the other one is still at it.
  writeFileSync(goOn(sleeper?.pid ?? 0), '')
  sleeper?.signal('SIGCONT')
  // One after another, each with more questions to the database than its late results need: those are dealt with then.
  for (let n = 0; n < later; n++) await sleeper?.start([{ workflow: 'later' }])
  await stage.reach(() => stage.lines().filter(({ run }) => run === 'a').length >= later)
  writeFileSync(goOn(other?.pid ?? 0), '')
  const stuck = await stage.settle()
  const saved = await Promise.all(ids.map((id) => runsOf(stage.pool, id)))
  const bySleeper = saved
    .flat()
    .filter(({ run, output }) => run === 'slow' && (output as { pid?: number } | null)?.pid !== other?.pid)
  return [
    ...stuck,
    ...bySleeper.map(() => 'a process saved a result although it had lost the claim'),
    ...(await stage.judge()),
  ]
}
