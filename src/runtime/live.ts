// An execution in memory: a cache of its row that may be dropped at any time between two turns.
import { AppError } from '../core/errors.ts'
import type { ExecutionEvent } from '../core/event.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { RunError, Wait } from '../core/outcome.ts'
import type { State } from '../core/state.ts'
import type { RecordValue } from '../sdk/node-type.ts'
import type { ActRow, BindingRow, LogRow, NewExecution, QueueRow, RunRow } from '../store/save.ts'
import type { Core } from './core.ts'
import type { Target } from './services.ts'
import type { RiskStop } from './stop-for-risk.ts'
import type { CompiledVersion } from './versions.ts'

export interface Live {
  id: string
  seq: number
  /** Set until the first save has inserted the row. */
  insert?: NewExecution | undefined
  version: CompiledVersion
  state: State
  bindings: Map<string, readonly string[]>
  bindingInfo: Map<string, { collection: string; toOne: boolean }>
  inputs: JsonObject
  target?: Target
  startedBy: string
  startedAt?: number
  /** W3C traceparent it was started with. */
  trace?: string
  parent?: { execution: string; run: string; attempt: number }
  depth: number
  concurrencyKey?: string
  output: Json
  /** Node runs dispatched so far. */
  dispatched: number
  /** Settled runs known here. */
  results: Map<string, Result>
  /** How many results may be held before old ones are forgotten. */
  mostResults: number
  /** Nothing settled that `results` does not know. */
  complete: boolean
  /** Items of live containers. */
  items: Map<string, Json[]>
  /** Records read for expressions; forgotten whenever an effect has ended. */
  records: Map<string, RecordValue | undefined>
  inbox: Message[]
  busy: boolean
  /** What is here is not what is stored: to be read anew before the next turn. */
  stale: boolean
  /** Rises whenever the state was read anew: results of effects begun before are checked against their claims. */
  generation: number
}

export interface Result {
  status: string
  output: Json
  error?: RunError
}

/** What a message knows beyond its event; recorded with the run. */
export interface Facts {
  input?: string
  output?: Json
  /** The output as JSON. */
  outputText?: string
  error?: RunError
  wait?: Wait
  stop?: RiskStop
  items?: Json[]
  /** Handed to the type's `resume`. */
  answer?: Json
  publish?: boolean
  endMessage?: string
  startedAt?: number
  /** Nothing of this attempt has been written yet. */
  unseen?: boolean
  logs?: LogRow[]
  /** Edited config for the attempt that a retry dispatches. */
  config?: JsonObject
  by?: string
  /** How often the attempts of this round were interrupted, this one included. */
  crashes?: number
}

export interface Message {
  event?: ExecutionEvent
  facts?: Facts
  act?: ActRow
  /** A row to be written as it is, without an event. */
  note?: RunRow
  /** An effect of a paused execution that is not to begin: back into the queue with it. */
  park?: { run: string; attempt: number }
  /** Rows to put into the queue, or to take out of it, together with this event. */
  queue?: QueueRow[]
  unqueue?: { run: string; attempt: number; kind?: string }[]
  /** The task this answers. */
  closeTask?: { run: string; attempt: number; answer: Json; by: string }
  /** Bindings made before the start. */
  bindings?: BindingRow[]
  /** New records of a bound node, known before its event. */
  rebind?: { run: string; collection: string; records: { id: string; label: string }[] }
  /** This is the result of an effect claimed when the execution was known as `live` in this generation. */
  claim?: { run: string; attempt: number; crashes: number; live: Live; generation: number }
  settle?(verdict: 'applied' | 'ignored'): void
  reject?(error: unknown): void
}

/** Fewer are not worth forgetting. */
export const fewestResults = 5000

export function newLive({
  id,
  version,
  state,
  inputs,
  startedBy,
  depth,
}: Pick<Live, 'id' | 'version' | 'state' | 'inputs' | 'startedBy' | 'depth'>): Live {
  return {
    id,
    seq: 0,
    version,
    state,
    bindings: new Map(),
    bindingInfo: new Map(),
    inputs,
    startedBy,
    depth,
    output: null,
    dispatched: 0,
    results: new Map(),
    mostResults: fewestResults,
    complete: true,
    items: new Map(),
    records: new Map(),
    inbox: [],
    busy: false,
    stale: false,
    generation: 0,
  }
}

/** Reads an execution from the database. Throws `not-found`. */
export async function readLive(
  { reads, versions }: Pick<Core, 'reads' | 'versions'>,
  id: string,
): Promise<Live> {
  const row = await reads.execution(id)
  if (!row) throw new AppError('not-found', `There is no execution ${id}.`)
  const bindings = row.bindings ?? []
  const base = newLive({
    id,
    version: await versions.get(row.workflow, row.version),
    state: row.snapshot,
    inputs: row.inputs ?? {},
    startedBy: row.startedBy,
    depth: row.depth,
  })
  return {
    ...base,
    seq: row.seq,
    bindings: new Map(bindings.map(({ run, records }) => [run, records])),
    bindingInfo: new Map(bindings.map(({ run, collection, toOne }) => [run, { collection, toOne }])),
    output: row.output,
    dispatched: row.dispatched,
    complete: false,
    ...(row.startedAt ? { startedAt: row.startedAt.getTime() } : {}),
    ...(row.targetCollection && row.targetId
      ? {
          target: {
            collection: row.targetCollection,
            id: row.targetId,
            label: row.targetLabel ?? row.targetId,
          },
        }
      : {}),
    ...(row.parentId && row.parentRun
      ? { parent: { execution: row.parentId, run: row.parentRun, attempt: row.parentAttempt ?? 1 } }
      : {}),
    ...(row.concurrencyKey ? { concurrencyKey: row.concurrencyKey } : {}),
    ...(row.trace ? { trace: row.trace } : {}),
  }
}

/** Replaces what a lost race has made stale; the inbox and who is working on it stay. */
export function refresh(live: Live, fresh: Live): void {
  const { inbox, busy, generation } = live
  live.insert = undefined
  Object.assign(live, fresh, { inbox, busy, generation: generation + 1 })
}
