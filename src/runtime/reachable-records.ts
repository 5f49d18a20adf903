// A database that is away is the trouble of this process, and no failure of a node that works with records: it is asked
// again. Only a change that may have happened is not made twice (rule 22).
import type { Records } from '../sdk/node-type.ts'
import { failedWhileCommitting } from '../store/db.ts'
import { isTransient } from './committer.ts'
import { untilReachable } from './until-reachable.ts'

export function reachableRecords(records: Records, signal: AbortSignal): Records {
  const once = <T>(change: () => Promise<T>) => untilReachable(() => change().catch(unlessInDoubt), signal)
  return {
    create: (...of) => once(() => records.create(...of)),
    remove: (...of) => once(() => records.remove(...of)),
    // The same values may be set again.
    update: (...of) => untilReachable(() => records.update(...of), signal),
    get: (...of) => untilReachable(() => records.get(...of), signal),
    query: (...of) => untilReachable(() => records.query(...of), signal),
  }
}

function unlessInDoubt(error: unknown): never {
  if (!isTransient(error) || !failedWhileCommitting(error)) throw error
  throw Object.assign(new Error(inDoubt, { cause: error }), { code: 'interrupted' })
}

const inDoubt =
  'The connection to the database was lost while the change was saved. It may have happened: check before you retry.'
