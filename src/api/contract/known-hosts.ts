import Type, { type Static } from 'typebox'
import { defineRoute } from './route.ts'
import { Nothing, strict, Time } from './shapes.ts'

export const KnownHost = Type.Object({
  host: Type.String(),
  port: Type.Integer(),
  /** `SHA256:…` as OpenSSH prints it. */
  fingerprint: Type.String(),
  addedBy: Type.String(),
  addedAt: Time,
})
export type KnownHost = Static<typeof KnownHost>

export const listKnownHosts = defineRoute({
  method: 'GET',
  path: '/api/v1/known-hosts',
  permission: 'connection.view',
  summary: 'SSH servers whose host keys are recorded',
  answer: Type.Object({ items: Type.Array(KnownHost) }),
})

/** After a host was installed anew: its next key is recorded as at the first connection. */
export const forgetKnownHost = defineRoute({
  method: 'DELETE',
  path: '/api/v1/known-hosts/:host/:port',
  permission: 'connection.manage',
  summary: 'Forget the recorded host key of an SSH server',
  params: Type.Object(
    {
      host: Type.String({ minLength: 1, maxLength: 255 }),
      port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    },
    strict,
  ),
  answer: Nothing,
})
