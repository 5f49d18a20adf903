// Takes the demo world away: what it made, and nothing else.
import { removeGrantsOn } from '../access/grants.ts'
import { removeRole } from '../access/roles.ts'
import { findUserByName, setDisabled } from '../access/users.ts'
import { removeConnection } from '../access/vault/connections.ts'
import { forgetHost } from '../access/vault/known-hosts.ts'
import { AppError } from '../core/errors.ts'
import { loadCollectionSchemas } from '../objects/collection-schemas.ts'
import { dropCollections, forgetChanges } from '../objects/collections.ts'
import type { Engine } from '../runtime/engine.ts'
import { deleteWorkflows } from '../store/delete-executions.ts'
import { liveExecutionsOf } from '../store/demo-times.ts'
import { demoCollections } from './data/collections.ts'
import { type DemoHosts, placesOf } from './hosts/start-demo-hosts.ts'
import { forgetHosts, type Keeper, readHosts, readPhase, writePhase } from './kept-state.ts'
import { demoConnections } from './make-objects.ts'
import { approverRole, demoUsers } from './people.ts'
import { readDemoWorkflows } from './read-workflows.ts'

export interface RemovalDeps extends Keeper {
  engine: Engine
  /** The hosts of this process, when it runs them; they are closed. */
  hosts?: DemoHosts | undefined
}

/** What is gone already is no reason to stop. */
async function unlessGone(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'not-found') throw error
  })
}

async function terminateAll({ db, engine }: RemovalDeps, workflows: string[], by: string): Promise<void> {
  for (const id of await liveExecutionsOf(db, workflows)) {
    const act = engine.act(id, { type: 'terminate', reason: 'The demo world was removed' }, { name: by })
    // A child may have ended together with its parent.
    await act.catch(() => undefined)
    await engine.waitForEnd(id, 5000)
  }
}

async function removePeople(keeper: Keeper): Promise<void> {
  await unlessGone(removeRole(keeper.db, approverRole))
  for (const { name } of demoUsers) {
    const user = await findUserByName(keeper.db, name)
    if (user) await setDisabled(keeper.db, user.id, true)
  }
}

async function removeObjects({ db }: Keeper): Promise<void> {
  const schemas = await loadCollectionSchemas(db)
  const keys = demoCollections.map(({ key }) => key).filter((key) => Object.hasOwn(schemas, key))
  if (keys.length > 0) await dropCollections(db, keys)
  await forgetChanges(
    db,
    demoCollections.map(({ key }) => key),
  )
}

/**
 * Terminates and deletes the demo workflows with their executions, collections with their records, connections, roles
 * and hosts; its users are disabled, since the audit log names them. Throws AppError `in-use` when own collections
 * refer to those of the demo, before anything is removed; `not-found` when there is no demo world.
 */
export async function removeDemo(deps: RemovalDeps, by: string): Promise<void> {
  const { db, hosts } = deps
  const phase = await readPhase(db)
  if (phase === undefined || phase === 'removed') throw new AppError('not-found', 'There is no demo world')
  const workflows = readDemoWorkflows().map(({ key }) => key)
  await removeObjects(deps)
  await terminateAll(deps, workflows, by)
  await deleteWorkflows(db, workflows)
  for (const workflow of workflows) await removeGrantsOn(db, workflow)
  await removePeople(deps)
  for (const name of demoConnections) await unlessGone(removeConnection(db, name))
  await hosts?.close()
  const kept = await readHosts(deps)
  for (const { address, port } of kept ? placesOf(kept).hosts : []) {
    await unlessGone(forgetHost(db, address, port))
  }
  await forgetHosts(db)
  await writePhase(db, 'removed')
}
