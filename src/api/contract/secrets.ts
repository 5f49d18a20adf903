import Type, { type Static } from 'typebox'
import { defineRoute } from './route.ts'
import { Nothing, strict, Time } from './shapes.ts'

/** Values are written and never answered. */
export const Secret = Type.Object({
  name: Type.String(),
  description: Type.Optional(Type.String()),
  changedBy: Type.String(),
  changedAt: Time,
})
export type Secret = Static<typeof Secret>

const byName = Type.Object({ name: Type.String({ pattern: '^[a-z][a-z0-9_-]{0,62}$' }) }, strict)

export const listSecrets = defineRoute({
  method: 'GET',
  path: '/api/v1/secrets',
  permission: 'connection.view',
  summary: 'Names of the secrets, without their values',
  answer: Type.Object({ items: Type.Array(Secret) }),
})

/** Connections name it as `{ "secret": "<name>" }`; the next effect uses the new value. */
export const putSecret = defineRoute({
  method: 'PUT',
  path: '/api/v1/secrets/:name',
  permission: 'connection.manage',
  summary: 'Create or replace a secret',
  params: byName,
  body: Type.Object(
    {
      value: Type.String({ minLength: 1, maxLength: 65_536 }),
      /** Stays as it is when left out. */
      description: Type.Optional(Type.String({ maxLength: 500 })),
    },
    strict,
  ),
  answer: Nothing,
})

export const removeSecret = defineRoute({
  method: 'DELETE',
  path: '/api/v1/secrets/:name',
  permission: 'connection.manage',
  summary: 'Delete a secret',
  params: byName,
  answer: Nothing,
})
