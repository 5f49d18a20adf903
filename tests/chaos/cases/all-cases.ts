// All chaos tests, in the order they are run.
import { bigLoop } from './big-loop.ts'
import { startBurst } from './burst.ts'
import { canary } from './canary.ts'
import type { ChaosCase } from './chaos-case.ts'
import { connectionCut } from './connection-cut.ts'
import { corruptRows } from './corrupt-rows.ts'
import { corruptSecrets } from './corrupt-secrets.ts'
import { crashPoints } from './crash-points.ts'
import { databaseRestart } from './database-restart.ts'
import { diskFull } from './disk-full.ts'
import { embeddedKill } from './embedded-kill.ts'
import { everyCommit } from './every-commit.ts'
import { fairness } from './fairness.ts'
import { longOutage } from './long-outage.ts'
import { operators } from './operators.ts'
import { orphans } from './orphans.ts'
import { pending } from './pending.ts'
import { randomKill } from './random-kill.ts'
import { recovery } from './recovery.ts'
import { recursion } from './recursion.ts'
import { rollingRestart } from './rolling-restart.ts'
import { seededDefects } from './seeded-defects.ts'
import { starvedPool } from './starved-pool.ts'
import { wrongClocks } from './wrong-clocks.ts'
import { zombie } from './zombie.ts'

export const allCases: readonly ChaosCase[] = [
  recovery,
  orphans,
  pending,
  bigLoop,
  fairness,
  starvedPool,
  recursion,
  randomKill,
  crashPoints,
  everyCommit,
  zombie,
  rollingRestart,
  connectionCut,
  databaseRestart,
  longOutage,
  startBurst,
  canary,
  wrongClocks,
  operators,
  corruptRows,
  corruptSecrets,
  diskFull,
  embeddedKill,
  seededDefects,
]
