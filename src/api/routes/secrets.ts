import { audit } from '../../access/audit.ts'
import { listSecrets, putSecret, removeSecret } from '../../access/vault/secrets.ts'
import type { Vault } from '../../access/vault/vault.ts'
import { AppError } from '../../core/errors.ts'
import type { Db } from '../../store/db.ts'
import * as contract from '../contract/secrets.ts'
import { type BoundRoute, handle } from '../handler.ts'
import { iso, present } from '../views/present.ts'

export function secretRoutes({ db, vault }: { db: Db; vault?: Vault | undefined }): BoundRoute[] {
  const note = (tx: Db, by: string, done: { action: string; name: string }) =>
    audit(tx, { by, action: `secret.${done.action}`, object: `secret:${done.name}` })
  return [
    handle(contract.listSecrets, async () => ({
      items: (await listSecrets(db)).map((row) => present({ ...row, changedAt: iso(row.changedAt) })),
    })),
    handle(contract.putSecret, ({ params: { name }, body, caller }) =>
      db.transaction(async (tx) => {
        if (!vault) throw new AppError('unavailable', 'This process has no key to seal secrets with')
        await putSecret(tx, vault, { name, ...body, by: caller.name })
        await note(tx, caller.name, { action: 'set', name })
        return {}
      }),
    ),
    handle(contract.removeSecret, ({ params: { name }, caller }) =>
      db.transaction(async (tx) => {
        await removeSecret(tx, name)
        await note(tx, caller.name, { action: 'delete', name })
        return {}
      }),
    ),
  ]
}
