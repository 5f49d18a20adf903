// What the parts of the runtime share: made once in `start-engine.ts`, handed on, never changed.
import type { FindRisks } from '../core/risk-rules.ts'
import type { NodeType } from '../sdk/node-type.ts'
import type { Pool } from '../store/db.ts'
import type { Clock } from './clock.ts'
import type { Committer } from './committer.ts'
import type { Hands } from './hands.ts'
import type { Lanes } from './lanes.ts'
import type { Limits } from './limits.ts'
import type { Figures } from './metrics/figures.ts'
import type { NotedTargets } from './noted-targets.ts'
import type { Packing } from './packing.ts'
import type { Reads } from './reads.ts'
import type { Services } from './services.ts'
import type { Traces } from './traces/traces.ts'
import type { Versions } from './versions.ts'

export interface Core {
  pool: Pool
  clock: Clock
  committer: Committer
  reads: Reads
  hands: Hands
  versions: Versions
  targets: NotedTargets
  services: Services
  types: ReadonlyMap<string, NodeType>
  limits: Limits
  /** What this installation calls a risk, besides the rules of the node types. */
  findRisks: FindRisks
  /** Which effects run in this process. */
  lanes: Lanes
  packing: Packing
  /** This process start; claims name it. */
  process: string
  /** Shown with runs: host and pid. */
  worker: string
  /** A process silent for so long is taken for dead. */
  deadAfterMs: number
  figures: Figures
  /** Absent: nobody asked for traces. */
  traces?: Traces
  log: Log
}

export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  debug?(fields: object, message: string): void
  isLevelEnabled?(level: string): boolean
  /** The same log, with these fields in every line. */
  child?(fields: object): Log
}

/** How a process is named in node runs, log and console. */
export const nameOfProcess = (pid: number, id: string): string => `${pid}@${id.slice(0, 8)}`
