// What node runs may reach outside the engine; wired to the real things in the composition root.
import type { Socket } from 'node:net'
import type { NodeDocument } from '../core/document.ts'
import type { JsonObject } from '../core/json.ts'
import type {
  HttpAnswer,
  HttpOptions,
  KnownHosts,
  Records,
  RecordValue,
  ScriptAnswer,
  SqlAnswer,
  SqlText,
} from '../sdk/node-type.ts'

export interface Target {
  collection: string
  id: string
  label: string
}

/** Whose rights hold, and what data changes are attributed to. */
export interface Authority {
  /** The user who started the execution, or the name of a service role. */
  principal: string
  execution: string
  workflow: string
}

export interface EvaluatedBinding {
  collection: string
  records: { id: string; label: string }[]
  toOne: boolean
}

export interface Services {
  http(url: string, options: HttpOptions, signal: AbortSignal): Promise<HttpAnswer>
  connect(host: string, port: number, signal: AbortSignal): Promise<Socket>
  connection(name: string): Promise<JsonObject>
  knownHosts: KnownHosts
  records(authority: Authority): Records
  sql(
    authority: Authority,
    statement: SqlText,
    options: { connection?: string; readOnly?: boolean; maxRows?: number; signal: AbortSignal },
  ): Promise<SqlAnswer>
  script(
    code: string,
    args: JsonObject,
    limits: { timeoutMs?: number; memoryMb?: number; signal: AbortSignal },
  ): Promise<ScriptAnswer>
  /** The record with its fields; undefined when it is gone or may not be seen. */
  record(authority: Authority, key: { collection: string; id: string }): Promise<RecordValue | undefined>
  /** The records a bound node works on, walked from the target. */
  evaluateBinding(
    authority: Authority,
    node: NodeDocument,
    target: Target | undefined,
  ): Promise<EvaluatedBinding>
  /** Takes all or none; `held` names those taken by others. Those of `parent`, which may be named, are not in the way. */
  takeLocks(
    execution: string,
    records: { collection: string; id: string }[],
    parent?: string,
  ): Promise<{ taken: boolean; held?: string[] }>
  releaseLocks(execution: string): Promise<void>
}
