// Limits that keep one execution from hurting all others (rule 27). Each is a typed error.

export interface Limits {
  nodeRuns: number
  loopItems: number
  depth: number
  /** Larger outputs go to a row of their own. */
  inlineBytes: number
  outputBytes: number
  logLines: number
  logLineLength: number
}

export const defaultLimits: Limits = {
  nodeRuns: 100_000,
  loopItems: 1_000_000,
  depth: 16,
  inlineBytes: 256 * 1024,
  outputBytes: 16 * 1024 * 1024,
  logLines: 10_000,
  logLineLength: 4000,
}
