import type { Caller } from '../../access/permissions.ts'
import type { Engine } from '../../runtime/engine.ts'
import type { Db } from '../../store/db.ts'
import { type Authenticator, callerOf } from '../authenticate.ts'
import { checkObject, checkPermission } from '../authorize.ts'
import { executionEvents, listEvents } from '../contract/live.ts'
import type { Route } from '../contract/route.ts'
import { type BoundRoute, type Call, handleRaw } from '../handler.ts'
import { executionStream, type LiveDeps, listStream } from '../live.ts'
import type { SharedReads } from '../shared-reads.ts'

interface Deps {
  db: Db
  reads: SharedReads
  engine: Engine
  authenticator: Authenticator
  closing: AbortSignal
  live?: { beatMs: number; pollMs: number }
}

export function liveRoutes(deps: Deps): BoundRoute[] {
  return [
    handleRaw(executionEvents, (call) => {
      const { params, query, request, caller } = call
      const last = Number(request.headers['last-event-id'] ?? query.since ?? 0)
      const since = Number.isSafeInteger(last) && last >= 0 && last <= 2147483647 ? last : 0
      return asEvents(
        call,
        executionStream(liveDeps(deps, call, executionEvents), {
          id: params.id,
          since,
          stay: query.stay ?? false,
          caller,
        }),
      )
    }),
    handleRaw(listEvents, (call) =>
      asEvents(call, listStream(liveDeps(deps, call, listEvents), call.caller)),
    ),
  ]
}

const stuckAfterMs = 60_000

function asEvents<S>({ request, reply }: Pick<Call<Route>, 'request' | 'reply'>, stream: S): S {
  // Heartbeats keep a socket busy; one that takes none for so long has nobody at the other end.
  if ('setTimeout' in request.raw.socket) request.raw.socket.setTimeout(stuckAfterMs)
  // Proxies must hand each event on at once.
  reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no')
  return stream
}

function liveDeps(deps: Deps, { request }: Pick<Call<Route>, 'request'>, route: Route): LiveDeps {
  const { db, reads, engine, authenticator, closing, live } = deps
  return {
    db,
    reads,
    engine,
    closing,
    ...live,
    async callerNow() {
      const caller: Caller | null = await callerOf(request, authenticator)
      try {
        checkPermission(route.permission, caller)
        if (route.object) await checkObject(reads, route.object, { caller, params: request.params, body: {} })
        return caller ?? undefined
      } catch {
        return undefined
      }
    },
  }
}
