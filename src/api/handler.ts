// Binds a handler to a route of the contract, typed by it.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Caller } from '../access/permissions.ts'
import { AppError } from '../core/errors.ts'
import type { ObjectRule, Permission, Route, RouteAnswer } from './contract/route.ts'

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null
  }
  interface FastifyContextConfig {
    permission?: Permission
    object?: ObjectRule
  }
}

type PartOf<R, K extends string> = R extends Record<K, infer S extends TSchema> ? Static<S> : undefined

export interface Call<R extends Route> {
  params: PartOf<R, 'params'>
  query: PartOf<R, 'query'>
  body: PartOf<R, 'body'>
  /** Throws `unauthenticated` on a public route without a caller. */
  caller: Caller
  request: FastifyRequest
  reply: FastifyReply
}

export interface BoundRoute {
  route: Route
  handle(request: FastifyRequest, reply: FastifyReply): unknown
}

function callOf<R extends Route>(request: FastifyRequest, reply: FastifyReply): Call<R> {
  return {
    params: request.params as PartOf<R, 'params'>,
    query: request.query as PartOf<R, 'query'>,
    body: request.body as PartOf<R, 'body'>,
    get caller() {
      if (!request.caller) throw new AppError('unauthenticated', 'Sign in first')
      return request.caller
    },
    request,
    reply,
  }
}

/** A handler that answers what the route says. */
export const handle = <R extends Route>(
  route: R,
  run: (call: Call<R>) => Promise<RouteAnswer<R>> | RouteAnswer<R>,
): BoundRoute => ({ route, handle: (request, reply) => run(callOf<R>(request, reply)) })

/** For streams, redirects and text: the handler answers whatever Fastify can send. */
export const handleRaw = <R extends Route>(route: R, run: (call: Call<R>) => unknown): BoundRoute => ({
  route,
  handle: (request, reply) => run(callOf<R>(request, reply)),
})
