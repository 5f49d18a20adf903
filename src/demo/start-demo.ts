// The demo world at each start of the server: hosts first, then, in the background, what is still missing.
import { listWorkflows } from '../store/workflows-list.ts'
import { joinDemoHosts } from './hosts/join-demo-hosts.ts'
import { type DemoHosts, type DemoHostsState, placesOf, startDemoHosts } from './hosts/start-demo-hosts.ts'
import { type Keeper, readHosts, readPhase, writeHosts, writePhase } from './kept-state.ts'
import { makeObjects, pointToHosts } from './make-objects.ts'
import { type Check, makeWorkflows } from './make-workflows.ts'
import { makePeople } from './people.ts'
import { readDemoWorkflows } from './read-workflows.ts'
import { seedPast } from './seed-past.ts'
import type { Stage } from './tell-story.ts'

export interface DemoDeps extends Keeper {
  log: (line: string) => void
}

/** Nobody has made a workflow, and nobody has sent the demo world away. */
async function isWanted({ db }: Keeper): Promise<boolean> {
  if ((await readPhase(db)) !== undefined) return false
  const { items } = await listWorkflows(db, { visible: 'all', limit: 1 })
  return items.length === 0
}

/**
 * Starts the simulated hosts when the demo world is in this database, or when `create` is set and the database is
 * empty; those of another process of this machine are used as they are. Call before the engine starts: live executions
 * may be about to sign in there, and the outbound guard must let them (`outboundAllow`). Undefined: no demo world.
 */
export async function startDemo(deps: DemoDeps, create: boolean): Promise<DemoHosts | undefined> {
  const phase = await readPhase(deps.db)
  const isThere = phase === 'made' || phase === 'seeded'
  if (!isThere && !(create && (await isWanted(deps)))) return undefined
  const state = await readHosts(deps)
  const running = state && (await joinDemoHosts(state))
  if (running) return running
  const save = (changed: DemoHostsState) => writeHosts(deps, changed)
  const hosts = await startDemoHosts({ state, save, log: deps.log })
  await makeObjects(deps.db)
  await pointToHosts(deps, hosts)
  if (!isThere) await writePhase(deps.db, 'made')
  return hosts
}

/** The hosts of the process that holds the database, whether they answer just now or not: they are never started twice. */
export async function joinDemo({ db, vault }: DemoDeps): Promise<DemoHosts | undefined> {
  const phase = await readPhase(db)
  const state = phase === 'made' || phase === 'seeded' ? await readHosts({ db, vault }) : undefined
  return state && { ...placesOf(state), close: async () => undefined }
}

/** What the outbound guard must allow for the demo world: its loopback ports, and no others. */
export function outboundAllow({ hosts, httpUrl }: DemoHosts): string[] {
  return [...hosts.map(({ address, port }) => `${address}:${port}`), new URL(httpUrl).host]
}

/**
 * Makes people, workflows and the past, unless that is done. Takes some seconds: call it when the server is ready and
 * do not wait for it. Continues where an interrupted run stopped, also one that `signal` stopped.
 */
export async function seedDemo(deps: DemoDeps & Stage & { check: Check }): Promise<void> {
  if ((await readPhase(deps.db)) !== 'made') return
  const begin = Date.now()
  await makePeople(
    deps.db,
    readDemoWorkflows().map(({ key }) => key),
  )
  await makeWorkflows(deps.db, deps.check)
  const count = await seedPast(deps)
  if (deps.signal?.aborted) return
  await writePhase(deps.db, 'seeded')
  deps.log(`demo: ${count} executions made in ${Math.round((Date.now() - begin) / 100) / 10} s`)
}
