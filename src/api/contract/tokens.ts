import Type, { type Static } from 'typebox'
import { defineRoute } from './route.ts'
import { Name, Nothing, strict, Time } from './shapes.ts'

export const Token = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** Permissions it is cut down to; absent: everything its owner may do. */
  scopes: Type.Optional(Type.Array(Type.String())),
  createdAt: Time,
  expiresAt: Type.Optional(Time),
  lastUsedAt: Type.Optional(Time),
})
export type Token = Static<typeof Token>

export const listTokens = defineRoute({
  method: 'GET',
  path: '/api/v1/tokens',
  permission: 'token.own',
  summary: 'My API tokens',
  answer: Type.Object({ items: Type.Array(Token) }),
})

/** The secret is answered once and never again. */
export const createToken = defineRoute({
  method: 'POST',
  path: '/api/v1/tokens',
  permission: 'token.own',
  summary: 'Create an API token with my rights',
  body: Type.Object(
    {
      name: Name,
      /** Default 90. */
      expiresInDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
      scopes: Type.Optional(Type.Array(Name, { maxItems: 50 })),
    },
    strict,
  ),
  answer: Type.Object({ ...Token.properties, secret: Type.String() }),
  status: 201,
})

export const revokeToken = defineRoute({
  method: 'DELETE',
  path: '/api/v1/tokens/:id',
  permission: 'token.own',
  summary: 'Revoke one of my API tokens',
  params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) }, strict),
  answer: Nothing,
})
