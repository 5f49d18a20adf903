// Before anything is read: who calls, from where, and does the route's role fit.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from '../access/permissions.ts'
import type { MetricsAccess } from '../config.ts'
import { checkPermission } from './authorize.ts'
import { isOpenTo } from './metrics-access.ts'
import { checkOrigin } from './same-origin.ts'

export const sessionCookie = 'fermata_sid'

export interface Authenticator {
  bySession(sid: string): Promise<Caller | undefined>
  byToken(token: string): Promise<Caller | undefined>
}

/** A token that is sent but wrong is nobody, even beside a good cookie. */
export async function callerOf(
  request: FastifyRequest,
  authenticator: Authenticator,
): Promise<Caller | null> {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const token = /^Bearer ([\x21-\x7e]{1,500})$/i.exec(authorization)?.[1]
    return (token && (await authenticator.byToken(token))) || null
  }
  const sid = request.cookies[sessionCookie]
  return (sid && (await authenticator.bySession(sid))) || null
}

export function addAuthentication(
  app: FastifyInstance,
  authenticator: Authenticator,
  access: MetricsAccess = 'local',
): void {
  app.decorateRequest('caller', null)
  app.addHook('onRequest', async (request) => {
    const { permission: declared } = request.routeOptions.config
    if (declared === undefined) return
    const permission = declared === 'metrics' && isOpenTo(request, access) ? 'public' : declared
    if (permission !== 'public') request.caller = await callerOf(request, authenticator)
    checkOrigin(request, request.caller?.via === 'session')
    checkPermission(permission, request.caller)
  })
}
