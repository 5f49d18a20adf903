// All chaos tests, in the order they are run.
import type { ChaosCase } from './chaos-case.ts'
import { connectionCut } from './connection-cut.ts'
import { crashPoints } from './crash-points.ts'
import { databaseRestart } from './database-restart.ts'
import { randomKill } from './random-kill.ts'
import { recovery } from './recovery.ts'
import { rollingRestart } from './rolling-restart.ts'
import { zombie } from './zombie.ts'

export const allCases: readonly ChaosCase[] = [
  recovery,
  randomKill,
  crashPoints,
  zombie,
  rollingRestart,
  connectionCut,
  databaseRestart,
]
