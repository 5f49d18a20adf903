// The contract of node types. A node type never sees the graph, another run's row or the database.
import type { TSchema } from 'typebox'
import type { Json, JsonObject } from '../core/json.ts'
import type { Outcome } from '../core/outcome.ts'

/** A short text in the three languages of the product. */
export interface Text {
  en: string
  zh: string
  ru: string
}

/**
 * The named exits of a node. Data, so that the browser can draw them:
 * `{ fixed: ['yes', 'no'] }`, or one port per element of a config array:
 * `{ each: '/cases', name: 'name', plus: ['else'] }`. Every node also has `error` when its policy says `branch`.
 */
export type Ports = { fixed: readonly string[] } | { each: string; name: string; plus?: readonly string[] }

/** What running a node may do to the world outside. */
export type Effect = 'none' | 'read' | 'write' | 'destructive'

export type ContainerKind = 'loop' | 'parallel' | 'group'

export interface NodeType<C = unknown> {
  /** Stable name used in documents, kebab-case. */
  type: string
  version: number
  title: Text
  summary: Text
  /** Name of a lucide icon. */
  icon: string
  group: 'control' | 'people' | 'data' | 'remote' | 'compute'
  /**
   * JSON Schema of the config as written in a document. Strings are templates (`{{ cel }}`) unless the
   * property says otherwise with `x-text` (see `text.ts`): `cel`, `raw`, `shell`, `sql`.
   */
  config: TSchema
  /** JSON Schema of the output, where it is known. */
  output?: TSchema
  /** Default: one port, `out`. */
  ports?: Ports
  effect: Effect
  /** Fast, synchronous, without I/O: run between two transitions inside the same save. */
  inline?: boolean
  /** Owns a body: the nodes whose `parent` it is. */
  container?: ContainerKind
  /** May be run again with the same idempotency key after a crash without harm. */
  idempotent?: boolean
  /** Can wait for time, a person, an event or a child: not allowed in synchronous workflows. */
  waits?: boolean
  run(ctx: RunContext<C>): Outcome | Promise<Outcome>
  /** Called when what the run waited for has come: the child's end, the task's answer, the event's body. */
  resume?(ctx: RunContext<C>, input: Json): Outcome | Promise<Outcome>
  /**
   * What in this resolved config may do great harm. Pure. Asked before `run` where the policy of the node says
   * `risk: ask`: anything found waits for a person, and nothing has begun by then. What `run` takes from elsewhere, such
   * as the address of the record, belongs into `plan`, answered at once: should it change, the person is asked again.
   */
  risks?(config: C): Risk[]
  /** What `run` would do, without doing it: one line of text per effect. */
  plan?(ctx: RunContext<C>): Json | Promise<Json>
}

export interface Risk {
  /** Stable name of the rule that found it, kebab-case. */
  rule: string
  /** What would happen. */
  message: Text
  /** The words found. */
  found: string
  /** In which line of its text, from 1. */
  line: number
}

/** A record as node types see it: its fields, plus `id`, `label` and `collection`. */
export type RecordValue = JsonObject & { id: string; label: string; collection: string }

export interface RunContext<C = unknown> {
  /** The config with every template and `shell`/`sql` text resolved. */
  config: C
  /** The bound record, when the node has a binding. */
  record?: RecordValue
  /** Evaluate a `cel` or template-free expression in the scope of this run; `extra` adds variables. */
  evaluate(source: string, extra?: JsonObject): Json
  execution: { id: string; workflow: string; version: number }
  run: { id: string; node: string; attempt: number }
  /** The same for every repetition of this effect: run id + attempt group. */
  idempotencyKey: string
  /** Aborted on terminate, timeout, loss of the claim and shutdown. */
  signal: AbortSignal
  /** The time by the database clock. */
  now: Date
  log(line: string, level?: 'debug' | 'info' | 'warn' | 'error'): void
  /** `fraction` 0…1; shown while the run is under way. */
  progress(fraction: number, text?: string): void
  /** `fetch` behind the outbound guard: addresses are checked, pinned and re-checked on redirects. */
  http(url: string, options?: HttpOptions): Promise<HttpAnswer>
  /** A TCP connection behind the same guard; used by SSH and databases. */
  connect(host: string, port: number): Promise<import('node:net').Socket>
  /** Stored settings with their secrets. Throws AppError `not-found` for an unknown name. */
  connection(name: string): Promise<JsonObject>
  /** Host keys of SSH servers: the recorded one, or undefined on first use. */
  knownHosts: KnownHosts
  records: Records
  /** Runs one parameterised statement against the `data` schema (or a connection), with limits. */
  sql(
    statement: SqlText,
    options?: { connection?: string; readOnly?: boolean; maxRows?: number },
  ): Promise<SqlAnswer>
  /** Runs user JavaScript in the sandbox. */
  script(
    code: string,
    args: JsonObject,
    limits?: { timeoutMs?: number; memoryMb?: number },
  ): Promise<ScriptAnswer>
}

export interface HttpOptions {
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** Default 30,000 ms. */
  timeoutMs?: number
  /** Default 1 MiB; a longer answer is an error `response-too-large`. */
  maxBytes?: number
  /** Default 5. */
  maxRedirects?: number
}

export interface HttpAnswer {
  status: number
  statusText: string
  headers: Record<string, string>
  body: Uint8Array
  text(): string
}

export interface KnownHosts {
  find(host: string, port: number): Promise<string | undefined>
  /** `fingerprint` is `SHA256:…` as OpenSSH prints it. */
  remember(host: string, port: number, fingerprint: string): Promise<void>
}

/** Records of collections, with the rights of the execution's principal. */
export interface Records {
  create(collection: string, values: JsonObject): Promise<RecordValue>
  update(collection: string, id: string, values: JsonObject): Promise<RecordValue>
  remove(collection: string, id: string): Promise<void>
  get(collection: string, id: string): Promise<RecordValue | undefined>
  /** `where` is a filter as inside the brackets of a path: `status = 'running' and env in ('prod')`. */
  query(
    collection: string,
    options: { where?: string; sort?: string; limit?: number; offset?: number },
  ): Promise<RecordValue[]>
}

/** What a config text marked `sql` becomes: holes are bind parameters. */
export interface SqlText {
  text: string
  values: Json[]
}

export interface SqlAnswer {
  rows: JsonObject[]
  /** Rows read, or changed by an insert, update or delete. */
  rowCount: number
  /** There were more rows than `maxRows`. */
  truncated?: boolean
}

export interface ScriptAnswer {
  result: Json
  log: string[]
}
