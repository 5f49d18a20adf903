// What a file of bench/workloads exports: `export const workload: Workload`. Its name is the name of the file.
import type { BarId } from './bars.ts'

export interface BenchOptions {
  /** How long one measurement lasts, where the workload does not decide that itself. */
  seconds: number
  /** Measurements to take the median of. */
  rounds: number
  /** A smoke test: small numbers, whose figures mean little. */
  quick: boolean
  /** Parts of the workload, where it has any; default: all. */
  only?: readonly string[]
}

export interface Workload {
  /** One line for the list of workloads. */
  summary: string
  run(options: BenchOptions): Promise<Section[]>
}

/** One table of figures. */
export interface Section {
  title: string
  rows: Row[]
  /** What this section says about the bars in `bars.ts`. */
  bars?: Measured
  /** Every single measurement, kept with the results. */
  raw?: unknown
}

/** `limit` and `ratio` belong to a row when the machine itself was measured doing the same. */
export interface Row {
  name: string
  value: number
  unit?: string
  /** The same, done by nothing but the machine; what that is. */
  limit?: number
  limitIs?: string
  /** Where it is not simply value ÷ limit: the median of paired ratios. */
  ratio?: number
}

export type Measured = Partial<Record<BarId, number | Noted>>

/** A figure that needs a word, e.g. `published, other hardware`. Without a value: why there is none here. */
export interface Noted {
  value?: number
  note: string
}
