// Other records for a bound node that is held or has not started: only such as its path leads to.
import { AppError } from '../core/errors.ts'
import { nodeOf } from '../core/run-id.ts'
import type { Core } from './core.ts'
import { lockedError } from './hold-records.ts'
import type { Live, Message } from './live.ts'
import { authorityOf } from './scope.ts'

export async function rebindRecords(
  core: Core,
  live: Live,
  act: { run: string; records: string[] },
): Promise<NonNullable<Message['rebind']>> {
  const node = live.version.nodes.get(nodeOf(act.run))?.document
  if (!node?.bind)
    throw new AppError('illegal-act', `Node run ${act.run} works on no records.`, {
      why: { key: 'no-records-bound', run: act.run },
    })
  if ((node.bind.mode ?? 'start') === 'same-as') {
    throw new AppError('illegal-act', `The records of ${act.run} are copied from node '${node.bind.node}'.`, {
      why: { key: 'records-copied', run: act.run, node: node.bind.node ?? '' },
    })
  }
  const { collection, records } = await core.services.evaluateBinding(authorityOf(live), node, live.target)
  const known = new Map(records.map((record) => [record.id, record]))
  const chosen = act.records.map((id, index) => {
    const record = known.get(id)
    if (record) return record
    throw new AppError('invalid-binding', `Record ${id} is not among those this node can work on.`, {
      pointer: `/records/${index}`,
      why: { key: 'not-offered', record: id, node: node.title ?? node.id },
    })
  })
  await lockRecords(core, live, { collection, ids: act.records })
  return { run: act.run, collection, records: chosen }
}

async function lockRecords(
  core: Core,
  live: Live,
  { collection, ids }: { collection: string; ids: readonly string[] },
): Promise<void> {
  if (live.version.document.settings?.lock !== 'bindings') return
  const records = ids.map((id) => ({ collection, id }))
  const { taken, held } = await core.services.takeLocks(live.id, records)
  if (!taken) throw lockedError(held)
}
