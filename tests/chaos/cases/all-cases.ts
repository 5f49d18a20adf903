// All chaos tests, in the order they are run.
import { bigLoop } from './big-loop.ts'
import type { ChaosCase } from './chaos-case.ts'
import { connectionCut } from './connection-cut.ts'
import { crashPoints } from './crash-points.ts'
import { databaseRestart } from './database-restart.ts'
import { orphans } from './orphans.ts'
import { pending } from './pending.ts'
import { randomKill } from './random-kill.ts'
import { recovery } from './recovery.ts'
import { rollingRestart } from './rolling-restart.ts'
import { seededDefects } from './seeded-defects.ts'
import { zombie } from './zombie.ts'

export const allCases: readonly ChaosCase[] = [
  recovery,
  orphans,
  pending,
  bigLoop,
  randomKill,
  crashPoints,
  zombie,
  rollingRestart,
  connectionCut,
  databaseRestart,
  seededDefects,
]
