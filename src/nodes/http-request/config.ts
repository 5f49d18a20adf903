import Type, { type Static } from 'typebox'
import type { Json, JsonObject } from '../../core/json.ts'
import { DurationField } from '../../sdk/duration.ts'

const strict = { additionalProperties: false }
const Texts = (options: { title: string; description?: string }) =>
  Type.Record(Type.String(), Type.Unknown(), options)

const Body = Type.Union(
  [
    Type.Object({ json: Type.Unknown({ title: 'JSON' }) }, { ...strict, title: 'JSON' }),
    Type.Object(
      {
        text: Type.String({ title: 'Text' }),
        contentType: Type.Optional(
          Type.String({ title: 'Content type', description: 'Default text/plain.' }),
        ),
      },
      { ...strict, title: 'Text' },
    ),
    Type.Object({ form: Texts({ title: 'Fields' }) }, { ...strict, title: 'Form' }),
  ],
  { title: 'Body', description: 'Sent with every method but GET and HEAD.' },
)

export const Config = Type.Object(
  {
    method: Type.Optional(
      Type.Enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'], {
        title: 'Method',
        description: 'Default GET.',
      }),
    ),
    url: Type.String({
      title: 'URL',
      description: 'With a connection it may be a path under the base URL of the connection.',
      minLength: 1,
      maxLength: 8000,
    }),
    query: Type.Optional(Texts({ title: 'Query', description: 'Added to the URL, encoded.' })),
    headers: Type.Optional(Texts({ title: 'Headers' })),
    body: Type.Optional(Body),
    connection: Type.Optional(
      Type.String({ title: 'Connection', description: 'Base URL, headers and credentials, stored once.' }),
    ),
    timeout: Type.Optional(DurationField({ title: 'Time limit', description: 'Default 30s.' })),
    maxBytes: Type.Optional(
      Type.Integer({
        title: 'Bytes at most',
        description: 'Of the answer; default 1 MiB.',
        minimum: 1,
        maximum: 16 * 1024 * 1024,
      }),
    ),
    okStatuses: Type.Optional(
      Type.Array(
        Type.Union([
          Type.Integer({ minimum: 100, maximum: 599 }),
          Type.String({ pattern: '^[1-5][xX]{2}$' }),
        ]),
        {
          title: 'Statuses that are fine',
          description: 'Default 2xx. All others fail the node.',
          minItems: 1,
          maxItems: 50,
        },
      ),
    ),
    parse: Type.Optional(
      Type.Enum(['auto', 'json', 'text'], {
        title: 'Read the answer as',
        description: 'Default auto: JSON when the service says it is.',
      }),
    ),
  },
  strict,
)

/** The resolved config: templates may have given any value where a text stands in the document. */
export type Config = Omit<Static<typeof Config>, 'timeout' | 'query' | 'headers' | 'body'> & {
  timeout?: string | number
  query?: JsonObject
  headers?: JsonObject
  body?: Body
}
export type Body = { json: Json } | { text: string; contentType?: string } | { form: JsonObject }

export const Output = Type.Object({
  status: Type.Integer(),
  headers: Type.Record(Type.String(), Type.String()),
  body: Type.Unknown(),
})
