import { audit } from '../../access/audit.ts'
import { forgetHost, listKnownHosts } from '../../access/vault/known-hosts.ts'
import type { Db } from '../../store/db.ts'
import * as contract from '../contract/known-hosts.ts'
import { type BoundRoute, handle } from '../handler.ts'
import { iso } from '../views/present.ts'

export function knownHostRoutes({ db }: { db: Db }): BoundRoute[] {
  return [
    handle(contract.listKnownHosts, async () => ({
      items: (await listKnownHosts(db)).map((row) => ({ ...row, addedAt: iso(row.addedAt) })),
    })),
    handle(contract.forgetKnownHost, ({ params: { host, port }, caller }) =>
      db.transaction(async (tx) => {
        await forgetHost(tx, host, port)
        await audit(tx, {
          by: caller.name,
          action: 'known-host.forget',
          object: `known-host:${host}:${port}`,
        })
        return {}
      }),
    ),
  ]
}
