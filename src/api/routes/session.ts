import { audit } from '../../access/audit.ts'
import { loadCaller } from '../../access/callers.ts'
import type { Caller } from '../../access/permissions.ts'
import { endSession, type Origin, startSession } from '../../access/sign-in/sessions.ts'
import { signInByPassword } from '../../access/sign-in/sign-in-by-password.ts'
import { redeemSignInLink } from '../../access/sign-in/sign-in-links.ts'
import { changeUser } from '../../access/users.ts'
import { AppError } from '../../core/errors.ts'
import type { Db } from '../../store/db.ts'
import { sessionCookie } from '../authenticate.ts'
import * as contract from '../contract/session.ts'
import { type BoundRoute, type Call, handle, handleRaw } from '../handler.ts'
import { present } from '../views/present.ts'

interface Deps {
  db: Db
}

export function sessionRoutes({ db }: Deps): BoundRoute[] {
  return [
    handle(contract.signIn, async (call) => {
      const { username, password } = call.body
      const { address } = originOf(call)
      const userId = await signInByPassword(db, { name: username, password, ...(address ? { address } : {}) })
      await beginSession(db, call, userId)
      return meView(await requireCaller(db, userId))
    }),
    handleRaw(contract.signInByLink, (call) => followLink(db, call)),
    handle(contract.signOut, async ({ request, reply, caller }) => {
      const sid = request.cookies[sessionCookie]
      if (sid) await endSession(db, sid)
      reply.clearCookie(sessionCookie, { path: '/' })
      await audit(db, { by: caller.name, action: 'session.end', object: `user:${caller.name}` })
      return {}
    }),
    handle(contract.getMe, ({ caller }) => meView(caller)),
    handle(contract.changeMe, async ({ body, caller }) => {
      await changeUser(db, caller.user, body)
      return meView(await requireCaller(db, caller.user))
    }),
  ]
}

const sevenDays = 7 * 24 * 3600

/** A new session in place of the one the browser may have: an id from before sign-in never becomes signed in. */
async function beginSession(
  db: Db,
  call: Pick<Call<never>, 'request' | 'reply'>,
  userId: string,
): Promise<void> {
  const { request, reply } = call
  const before = request.cookies[sessionCookie]
  if (before) await endSession(db, before)
  reply.setCookie(sessionCookie, await startSession(db, userId, originOf(call)), {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: request.protocol === 'https',
    maxAge: sevenDays,
  })
}

function originOf({ request }: Pick<Call<never>, 'request'>): Origin {
  return present({ address: request.ip, agent: request.headers['user-agent'] })
}

/** Somebody who follows a dead link gets the sign-in page, which says so. */
async function followLink(db: Db, call: Call<typeof contract.signInByLink>) {
  const { query, reply } = call
  if (query.link === undefined) return reply.callNotFound()
  try {
    await beginSession(db, call, await redeemSignInLink(db, query.link, originOf(call)))
  } catch (error) {
    if (error instanceof AppError && error.code === 'link-expired')
      return reply.redirect('/?problem=link-expired')
    throw error
  }
  return reply.redirect('/')
}

async function requireCaller(db: Db, userId: string): Promise<Caller> {
  const caller = await loadCaller(db, userId, { via: 'session' })
  if (!caller) throw new AppError('unauthenticated', 'This user is disabled')
  return caller
}

function meView({ name, displayName, roles, permissions, language, mail }: Caller): contract.Me {
  return {
    name,
    displayName,
    roles: [...roles],
    permissions: [...permissions].sort(),
    ...present({ language: contract.languages.find((known) => known === language), mail }),
  }
}
