// Processes with tags, killed: what they ran goes on where the tag is, and nowhere else.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { taggedWaits } from '../../../src/store/queue-tags.ts'
import { chain, publish } from '../../helpers/engine.ts'
import type { EngineChild } from './children.ts'
import type { Drill, Stage } from './stage.ts'

const policy = (runOn: string) => ({ policy: { runOn } })

async function worker(stage: Stage, tag: string): Promise<EngineChild> {
  const [child] = await stage.children(1, { tags: [tag], untagged: false })
  return child as EngineChild
}

/** The others are alive and idle, and look for work as ever; another one with the tag goes on. */
export const zones: Drill = async (stage) => {
  const goOn = join(stage.folder, 'go-on')
  const nodes = [
    { id: 'a', type: 'safe-effect', config: { until: goOn }, ...policy('zone-a') },
    { id: 'b', type: 'safe-effect', config: {}, ...policy('zone-b') },
    { id: 'free', type: 'safe-effect', config: {} },
  ]
  await publish(stage.pool, chain('zones', nodes))
  const [here] = await stage.children(1)
  const [one, other] = [await worker(stage, 'zone-a'), await worker(stage, 'zone-b')]
  const [id = ''] = (await here?.start([{ workflow: 'zones' }])) ?? []
  await stage.reach(() => stage.lines().length === 1)
  one.signal('SIGKILL')
  await one.ended
  const [next = ''] = (await here?.start([{ workflow: 'zones' }])) ?? []
  const unserved = async (execution: string) =>
    (await taggedWaits(stage.pool, execution)).some(
      ({ run, tag, served }) => run === 'a' && tag === 'zone-a' && !served,
    )
  const waits = await stage.reach(async () => (await unserved(id)) && (await unserved(next)))
  const touched = stage.lines().length > 1
  writeFileSync(goOn, '')
  const again = await worker(stage, 'zone-a')
  const stuck = await stage.settle()
  const found = stage.lines().filter(({ execution }) => execution === id)
  const pids = { a: [one.pid, again.pid], b: [other.pid], free: [here?.pid] }
  const wanted = Object.entries(pids).flatMap(([run, each]) => each.map((pid) => `${run} ${pid}`))
  const ran = found.map(({ run, pid }) => `${run} ${pid}`)
  return [
    ...stuck,
    ...(waits ? [] : ['what asks for a tag that nobody has is not shown to wait for it']),
    ...(touched ? ['an effect began where its tag is not'] : []),
    ...(ran.join() === wanted.join() ? [] : [`ran ${ran}, not ${wanted}`]),
    ...(new Set(found.map(({ key }) => key)).size === 3 ? [] : ['an effect was repeated under another key']),
    ...(await stage.judge()),
  ]
}

/** The next one with the tag says that it was interrupted. */
export const zoneLost: Drill = async (stage) => {
  const nodes = [{ id: 'a', type: 'effect', config: { kill: true }, ...policy('zone-a') }]
  await publish(stage.pool, chain('careful', nodes))
  const [here] = await stage.children(1)
  const victim = await worker(stage, 'zone-a')
  await here?.start([{ workflow: 'careful' }])
  await victim.ended
  await worker(stage, 'zone-a')
  const stuck = await stage.settle()
  const rows = await stage.pool.query<{ code: string }>(
    `select error ->> 'code' as code from fermata.all_node_runs`,
  )
  const codes = rows.map(({ code }) => code).join()
  return [
    ...stuck,
    ...(codes === 'interrupted' ? [] : [`the interruption is not named: ${codes}`]),
    ...(stage.lines().length === 1 ? [] : ['an effect that is not idempotent was repeated']),
    ...(await stage.judge()),
  ]
}
