// The workflow document, format fermata/1: one schema for API, forms, validation and types.
import Type, { type Static } from 'typebox'

// Ids are keys of plain objects in snapshots: names that every object has already would be found there.
const inherited =
  'constructor|hasOwnProperty|isPrototypeOf|propertyIsEnumerable|toLocaleString|toString|valueOf'
const Id = Type.String({ pattern: `^(?!(${inherited})$)[a-z][a-zA-Z0-9_-]{0,62}$` })
/** `250ms`, `30s`, `5m`, `2h`, `7d`, or a number of seconds. */
export const Duration = Type.Union([
  Type.String({ pattern: '^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d|w)$' }),
  Type.Number({ minimum: 0 }),
])
const strict = { additionalProperties: false }

/** Of processes; see `run-on.ts`. */
export const tagPattern = '^[a-z0-9][a-z0-9._-]{0,62}$'
export const Tag = Type.String({ pattern: tagPattern })

export const onErrorModes = ['fail', 'hold', 'continue', 'branch'] as const

export const Retry = Type.Object(
  {
    /** Attempts after the first one. */
    attempts: Type.Integer({ minimum: 0, maximum: 1000 }),
    delay: Type.Optional(Duration),
    factor: Type.Optional(Type.Number({ minimum: 1, maximum: 100 })),
    max: Type.Optional(Duration),
    /** Which kinds are retried; default `error` and `timed-out`. */
    on: Type.Optional(Type.Array(Type.Enum(['failed', 'error', 'timed-out']), { maxItems: 3 })),
  },
  strict,
)

export const Policy = Type.Object(
  {
    timeout: Type.Optional(Duration),
    retry: Type.Optional(Retry),
    onError: Type.Optional(Type.Enum([...onErrorModes])),
    /** An operator may cut a wait for time short; default true. */
    allowSkip: Type.Optional(Type.Boolean()),
    /** The effect runs in processes with this tag only; on a container: the effects of its body. */
    runOn: Type.Optional(Tag),
    /** Before the effect begins its resolved config is checked; what is dangerous waits for a person. */
    risk: Type.Optional(Type.Enum(['ask'])),
  },
  strict,
)

export const bindModes = ['start', 'run', 'same-as'] as const

export const Bind = Type.Object(
  {
    /** Path from the target; empty string is the target itself. */
    path: Type.Optional(Type.String({ maxLength: 4000 })),
    mode: Type.Optional(Type.Enum([...bindModes])),
    /** With mode `same-as`: the node whose binding is copied. */
    node: Type.Optional(Id),
    concurrency: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    /** No further record is started once so many have failed. */
    stopAfter: Type.Optional(
      Type.Object(
        {
          failed: Type.Optional(Type.Integer({ minimum: 1 })),
          percent: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100 })),
        },
        strict,
      ),
    ),
  },
  strict,
)

export const NodeDocument = Type.Object(
  {
    id: Id,
    type: Type.String({ minLength: 1, maxLength: 64 }),
    title: Type.Optional(Type.String({ maxLength: 200 })),
    /** The container whose body this node belongs to. */
    parent: Type.Optional(Id),
    /** The branch of a `parallel` parent. */
    branch: Type.Optional(Id),
    bind: Type.Optional(Bind),
    config: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    policy: Type.Optional(Policy),
    /** When to start: all inbound edges settled and one taken, or the first taken. */
    join: Type.Optional(Type.Enum(['all', 'any'])),
    note: Type.Optional(Type.String({ maxLength: 4000 })),
  },
  strict,
)

export const EdgeDocument = Type.Object(
  {
    from: Id,
    to: Id,
    /** The port of `from`; default `out`. */
    port: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  },
  strict,
)

export const Settings = Type.Object(
  {
    onFailure: Type.Optional(Type.Enum(['hold', 'fail'])),
    timeout: Type.Optional(Duration),
    concurrency: Type.Optional(
      Type.Object(
        {
          limit: Type.Integer({ minimum: 1, maximum: 10000 }),
          key: Type.Optional(Type.String({ maxLength: 1000 })),
          over: Type.Optional(Type.Enum(['run', 'active'])),
        },
        strict,
      ),
    ),
    lock: Type.Optional(Type.Enum(['none', 'target', 'bindings'])),
    onLocked: Type.Optional(Type.Enum(['wait', 'refuse'])),
    /** For nodes that do not say themselves where they run. */
    runOn: Type.Optional(Tag),
    retention: Type.Optional(
      Type.Object(
        {
          days: Type.Optional(Type.Integer({ minimum: 1 })),
          keep: Type.Optional(Type.Integer({ minimum: 0 })),
          deleteOn: Type.Optional(Type.Array(Type.String(), { maxItems: 8 })),
        },
        strict,
      ),
    ),
  },
  strict,
)

export const WorkflowDocument = Type.Object(
  {
    format: Type.Literal('fermata/1'),
    key: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }),
    title: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.Optional(Type.String({ maxLength: 10000 })),
    kind: Type.Optional(Type.Enum(['main', 'sub'])),
    target: Type.Optional(
      Type.Object(
        {
          collection: Type.String({ minLength: 1, maxLength: 63 }),
          /** CEL over `record`; only records for which it is true may be a target. */
          filter: Type.Optional(Type.String({ maxLength: 4000 })),
        },
        strict,
      ),
    ),
    /** JSON Schema of the inputs; draws the run form. */
    inputs: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    settings: Type.Optional(Settings),
    nodes: Type.Array(NodeDocument, { maxItems: 2000 }),
    edges: Type.Array(EdgeDocument, { maxItems: 10000 }),
    /** Only positions moved by hand. */
    layout: Type.Optional(Type.Record(Type.String(), Type.Tuple([Type.Number(), Type.Number()]))),
  },
  strict,
)

export type WorkflowDocument = Static<typeof WorkflowDocument>
export type NodeDocument = Static<typeof NodeDocument>
export type EdgeDocument = Static<typeof EdgeDocument>
export type Policy = Static<typeof Policy>
export type Retry = Static<typeof Retry>
export type Bind = Static<typeof Bind>
export type Duration = Static<typeof Duration>
export type OnError = (typeof onErrorModes)[number]

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** Milliseconds of a duration as written in a document. */
export function durationMs(duration: Duration): number {
  if (typeof duration === 'number') return Math.round(duration * 1000)
  const match = /^([0-9.]+)(ms|s|m|h|d|w)$/.exec(duration)
  if (!match) return Number.NaN
  return Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs])
}
