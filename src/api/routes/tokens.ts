import { audit } from '../../access/audit.ts'
import type { Caller } from '../../access/permissions.ts'
import { type ApiToken, createToken, listTokens, revokeToken } from '../../access/sign-in/tokens.ts'
import { AppError } from '../../core/errors.ts'
import type { Db } from '../../store/db.ts'
import * as contract from '../contract/tokens.ts'
import { type BoundRoute, handle } from '../handler.ts'
import { iso, isoOrNull, present } from '../views/present.ts'

export function tokenRoutes({ db }: { db: Db }): BoundRoute[] {
  return [
    handle(contract.listTokens, async ({ caller }) => ({
      items: (await listTokens(db, caller.user)).map(tokenView),
    })),
    handle(contract.createToken, ({ body, caller }) =>
      db.transaction(async (tx) => {
        const { secret, ...token } = await createToken(tx, {
          userId: caller.user,
          ...body,
          ...scopesFor(caller, body.scopes),
        })
        await audit(tx, { by: caller.name, action: 'token.create', object: `token:${token.id}` })
        return { ...tokenView(token), secret }
      }),
    ),
    handle(contract.revokeToken, ({ params, caller }) =>
      db.transaction(async (tx) => {
        await revokeToken(tx, caller.user, params.id)
        await audit(tx, { by: caller.name, action: 'token.revoke', object: `token:${params.id}` })
        return {}
      }),
    ),
  ]
}

/** A token cut down to some permissions makes no token that can do more. */
function scopesFor(caller: Caller, wanted: string[] | undefined): { scopes?: string[] } {
  if (caller.via !== 'token') return wanted ? { scopes: wanted } : {}
  const own: ReadonlySet<string> = caller.permissions
  const beyond = wanted?.find((scope) => !own.has(scope))
  if (beyond)
    throw new AppError('forbidden', `This token lacks the permission ${beyond}`, { pointer: '/scopes' })
  return { scopes: wanted ?? [...own] }
}

function tokenView(token: ApiToken): contract.Token {
  return present({
    id: token.id,
    name: token.name,
    scopes: token.scopes,
    createdAt: iso(token.createdAt),
    expiresAt: isoOrNull(token.expiresAt),
    lastUsedAt: isoOrNull(token.lastUsedAt),
  })
}
