import { audit } from '../../access/audit.ts'
import { AppError } from '../../core/errors.ts'
import type { Db } from '../../store/db.ts'
import * as contract from '../contract/demo.ts'
import { type BoundRoute, handle } from '../handler.ts'

/** The demo world as the application sees it; made by whoever composes. */
export interface DemoControl {
  isPresent(): Promise<boolean>
  /** Throws AppError `not-found` when there is none, `in-use` when own collections refer to it. */
  remove(by: string): Promise<void>
}

export function demoRoutes({ db, demo }: { db: Db; demo?: DemoControl | undefined }): BoundRoute[] {
  return [
    handle(contract.getDemo, async () => ({ present: (await demo?.isPresent()) ?? false })),
    handle(contract.removeDemo, async ({ caller }) => {
      if (!demo) throw new AppError('not-found', 'There is no demo world')
      await demo.remove(caller.name)
      await audit(db, { by: caller.name, action: 'demo.remove', object: 'demo' })
      return {}
    }),
  ]
}
