import Type, { type Static } from 'typebox'
import type { JsonObject } from '../../core/json.ts'
import { DurationField } from '../../sdk/duration.ts'
import { Shell } from '../../sdk/text.ts'

export const Config = Type.Object(
  {
    command: Shell({
      title: 'Command',
      description: 'Run by the shell of the user. Values in {{ }} are quoted: do not put quotes around them.',
      minLength: 1,
      maxLength: 100_000,
    }),
    connection: Type.Optional(
      Type.String({ title: 'Connection', description: 'Stored user with password or private key.' }),
    ),
    host: Type.Optional(
      Type.String({ title: 'Host', description: 'Default: the field address of the bound record.' }),
    ),
    port: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: 65535 }), Type.String()], {
        title: 'Port',
        description: 'Default: that of the connection, or 22.',
      }),
    ),
    user: Type.Optional(Type.String({ title: 'User', description: 'Default: that of the connection.' })),
    env: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }), Type.Unknown(), {
        title: 'Environment',
        additionalProperties: false,
        description: 'Variables exported before the command; others on the host may see them.',
      }),
    ),
    stdin: Type.Optional(
      Type.String({ title: 'Standard input', description: 'Sent to the command; the place for secrets.' }),
    ),
    timeout: Type.Optional(
      DurationField({ title: 'Time limit', description: 'Of the command; default 10m.' }),
    ),
    maxOutputBytes: Type.Optional(
      Type.Integer({
        title: 'Output at most',
        description: 'Bytes kept of each of stdout and stderr; default 1 MiB.',
        minimum: 0,
        maximum: 8 * 1024 * 1024,
      }),
    ),
    okExitCodes: Type.Optional(
      Type.Array(Type.Integer({ minimum: 0, maximum: 255 }), {
        title: 'Exit codes that are fine',
        description: 'Default 0. All others fail the node.',
        minItems: 1,
        maxItems: 256,
      }),
    ),
  },
  { additionalProperties: false },
)

export type Config = Omit<Static<typeof Config>, 'timeout' | 'env'> & {
  timeout?: string | number
  env?: JsonObject
}

export const Output = Type.Object({
  exitCode: Type.Union([Type.Integer(), Type.Null()]),
  signal: Type.Optional(Type.String()),
  stdout: Type.String(),
  stderr: Type.String(),
  truncated: Type.Boolean(),
})
