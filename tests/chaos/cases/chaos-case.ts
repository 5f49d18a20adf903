// What a chaos test is: something done to running engines, measured in units, judged by the oracle.
import type { Ground } from '../harness/ground.ts'
import type { Outcome } from '../harness/run-chaos.ts'

export const backEnds = { one: 1, three: 3 } as const
export type BackEnd = keyof typeof backEnds

/** T0: with every `npm test`. T1: `npm run test:chaos`. T2: with `--night`. */
export type Tier = 'T0' | 'T1' | 'T2'

export interface ChaosCase {
  id: string
  title: string
  /** Kills, cuts, restarts: whatever the test counts. */
  units: Record<Tier, number>
  /** So many take less than three minutes. */
  perChunk: Record<BackEnd, number>
  run(ground: Ground, options: { seed: number; processes: number; units: number }): Promise<CaseOutcome>
}

/** `faults`: what was done besides kills. */
export interface CaseOutcome extends Outcome {
  faults?: number
}
