// A route is a value: server, client, OpenAPI and the access matrix are all made from the same table.
import type { Static, TSchema } from 'typebox'

export type Grant = 'view' | 'run' | 'manage'

/** What a route asks of the caller's roles (and of the scopes of a token); the names are those of `access`. */
export type Permission =
  /** Anyone. */
  | 'public'
  /** Any user; lists hold only what this user may see. */
  | 'signed-in'
  /** Figures of the installation: whom `FERMATA_METRICS` lets read them. */
  | 'metrics'
  | 'workflow.list'
  | 'workflow.manage'
  | 'execution.view'
  | 'execution.start'
  | 'execution.act'
  | 'task.view'
  | 'task.answer'
  | 'schedule.view'
  | 'schedule.manage'
  | 'collection.view'
  | 'collection.manage'
  | 'record.view'
  | 'record.change'
  | 'connection.view'
  | 'connection.manage'
  | 'token.own'
  | 'user.manage'
  | 'system.view'
  | 'system.manage'

/**
 * What a route asks for the object it names. Objects one may not see answer 404, exactly like missing ones;
 * objects one may see but not act on answer 403.
 * - `{ grant, of }`: that grant on the workflow named by the path (`workflow`), by the body's `workflow` (`body`),
 *   or on the one the execution in the path belongs to. With `orNew` whoever may create workflows may also
 *   name one that does not exist yet.
 * - `{ task }`: an assignee of the task in the path, or whoever may run its workflow when it has none;
 *   to see it, the grant `view` is enough.
 * - `{ batch }`: that grant on the workflow the batch in the path runs.
 * - `{ schedule }`: its owner or a member of its role who may run its workflow; to see it, the grant `view` is enough.
 */
export type ObjectRule =
  | { grant: Grant; of: 'workflow' | 'body' | 'execution'; orNew?: boolean }
  | { task: 'view' | 'answer' }
  | { schedule: 'view' | 'change' }
  | { batch: 'view' | 'run' }

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Fastify pattern, e.g. `/api/v1/executions/:id`. */
  readonly path: `/${string}`
  readonly permission: Permission
  readonly object?: ObjectRule
  readonly summary: string
  readonly params?: TSchema
  /** Every property is optional. */
  readonly query?: TSchema
  readonly body?: TSchema
  readonly answer: TSchema
  /** Status of success; default 200. */
  readonly status?: 200 | 201 | 202 | 204 | 302
  /** What the answer is, when it is not JSON. */
  readonly media?: 'event-stream' | 'text' | 'csv'
}

export const defineRoute = <const R extends Route>(route: R): R => route

type Part<R, K extends string, Optional extends boolean = false> =
  R extends Record<K, infer S extends TSchema>
    ? Optional extends true
      ? { [P in K]?: Static<S> }
      : { [P in K]: Static<S> }
    : unknown

/** What a caller gives: `{ params, query, body }`, each where the route has it. */
export type RouteInput<R extends Route> = Part<R, 'params'> & Part<R, 'query', true> & Part<R, 'body'>
/** What the route answers. */
export type RouteAnswer<R extends Route> = Static<R['answer']>
