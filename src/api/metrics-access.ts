// Who may read /metrics: names of workflows and how busy the installation is are not for everybody.
import type { FastifyRequest } from 'fastify'
import type { MetricsAccess } from '../config.ts'

/** Whether this request needs no permission for them. */
export function isOpenTo(request: FastifyRequest, access: MetricsAccess): boolean {
  return access === 'open' || (access === 'local' && isFromHere(request))
}

/** A proxy on this machine asks for others: that is not from here. */
function isFromHere({ socket, headers }: FastifyRequest): boolean {
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => name in headers)
  return !isForwarded && /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '')
}
