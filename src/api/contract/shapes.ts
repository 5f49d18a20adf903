// Small schemas that several resources are made of.
import Type, { type Static, type TSchema } from 'typebox'
import { keyPattern, recordIdPattern } from '../../core/collections.ts'
import type { Json } from '../../core/json.ts'

/** ISO 8601 with milliseconds, UTC. */
export const Time = Type.String({ format: 'date-time' })
/** Ids of executions and tasks are 64-bit numbers written as text. */
export const BigId = Type.String({ pattern: '^[0-9]{1,18}$' })
export const Name = Type.String({ minLength: 1, maxLength: 200 })
export const Mail = Type.String({ format: 'email', maxLength: 200 })
export const WorkflowKey = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' })
export const CollectionKey = Type.String({ pattern: keyPattern })
export const RecordId = Type.String({ pattern: recordIdPattern })
/** Any JSON value. */
export const JsonValue = Type.Unsafe<Json>({})
export const JsonMap = Type.Record(Type.String(), JsonValue)
export const Reason = Type.String({ maxLength: 2000 })
/** Opaque; take it from `next` of the answer before. */
export const Cursor = Type.String({ maxLength: 500 })
export const Limit = Type.Integer({ minimum: 1, maximum: 200 })
export const strict = { additionalProperties: false }

export const RecordRef = Type.Object({ collection: CollectionKey, id: RecordId }, strict)
export const LabeledRecord = Type.Object({ id: Type.String(), label: Type.String() })

/** What exactly was refused: a key of the table of reasons, with the facts of the case beside it. */
export const Why = Type.Unsafe<{ readonly key: string; readonly [fact: string]: string | number }>({
  type: 'object',
  required: ['key'],
  properties: { key: { type: 'string' } },
  additionalProperties: { type: ['string', 'number'] },
})
export type Why = Static<typeof Why>

export const Problem = Type.Object({
  code: Type.String(),
  message: Type.String(),
  why: Type.Optional(Why),
  /** JSON pointer into the input, e.g. `/nodes/2/config/url`. */
  pointer: Type.String(),
  node: Type.Optional(Type.String()),
  span: Type.Optional(Type.Array(Type.Integer(), { minItems: 2, maxItems: 2 })),
})
export type Problem = Static<typeof Problem>

/** Every error answer: RFC 9457, media type `application/problem+json`. */
export const ProblemAnswer = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  why: Type.Optional(Why),
  pointer: Type.Optional(Type.String()),
  /** That the caller lacks. */
  permission: Type.Optional(Type.String()),
  span: Type.Optional(Type.Array(Type.Integer())),
  problems: Type.Optional(Type.Array(Problem)),
})
export type ProblemAnswer = Static<typeof ProblemAnswer>

/** One page of a list; `next` is absent on the last page. */
export const page = <S extends TSchema>(item: S) =>
  Type.Object({ items: Type.Array(item), next: Type.Optional(Type.String()) })

export const Nothing = Type.Object({})

/** A text in the three languages of the product. */
export const Text = Type.Object({ en: Type.String(), zh: Type.String(), ru: Type.String() })
export type Text = Static<typeof Text>
