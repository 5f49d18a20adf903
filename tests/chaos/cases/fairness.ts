// L6: thousands of executions of one workflow are queued; those of another one, started now and then, begin soon.
import { setTimeout as pause } from 'node:timers/promises'
import type { StubDocument } from '../harness/document-shape.ts'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { startMany } from './start-many.ts'

const everyMs = 500
const mostMs = 5000

const oneEffect = (key: string, ms: number): StubDocument => ({
  format: 'fermata/1',
  key,
  title: key,
  kind: 'main',
  inputs: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
  settings: {},
  nodes: [{ id: 'a', type: 'safe-stub', config: { n: '{{ inputs.n }}', ms } }],
  edges: [],
})

/** A unit is one execution of the busy workflow. */
export const fairness: ChaosCase = {
  id: 'L6',
  title: 'a long queue of one workflow',
  units: { T0: 0, T1: 5000, T2: 20_000 },
  perChunk: { one: 20_000, three: 20_000 },
  async run(ground, { seed, processes, units }) {
    const documents = [oneEffect('busy', 60), oneEffect('rare', 1)]
    const outcome = await runChaos(ground, { seed, processes, documents }, (stage) => startBoth(stage, units))
    return { ...outcome, faults: units }
  },
}

async function startBoth(stage: Stage, units: number): Promise<string[]> {
  const { database, ledger } = stage
  await startMany(stage, units, () => 'busy')
  const begun = new Map<string, number>()
  const busy = `select from fermata.queue where workflow = 'busy' limit 1`
  for (let n = 0; (await database.pool.query(busy)).length > 0; n++) {
    const id = await startRare(stage, n)
    if (id) begun.set(id, Date.now())
    await pause(everyMs)
  }
  while ((await database.pool.query('select from fermata.queue limit 1')).length > 0) await pause(100)
  const waits = ledger.read().flatMap(({ execution, t }) => t - (begun.get(execution) ?? t + 1))
  const late = waits.filter((ms) => ms > mostMs).length
  const most = Math.max(...waits)
  process.stdout.write(`  ${begun.size} of the rare workflow began after ${most} ms at most\n`)
  return [
    ...(begun.size > 2 ? [] : ['the queue was empty at once']),
    ...(late > begun.size / 100
      ? [`${late} of ${begun.size} began later than ${mostMs} ms, ${most} ms at most`]
      : []),
  ]
}

async function startRare({ fleet, load, random }: Stage, n: number): Promise<string | undefined> {
  const key = `rare-${n}`
  const reply = await fleet
    .any(random)
    ?.ask({ do: 'start', request: { workflow: 'rare', inputs: { n }, dedupKey: key } })
  if (!reply || !('done' in reply)) return undefined
  load.sent.starts.push({ key, execution: reply.done })
  return reply.done
}
