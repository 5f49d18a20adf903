// Every drill by name: what a test plays on the product, and what the seeded defects are found by.
import { actsUnderKill } from './acts-under-kill.ts'
import { calm } from './calm.ts'
import { endless, tidy } from './ends.ts'
import { family } from './family.ts'
import { killed } from './killed.ts'
import { killedAtCommit } from './killed-at-commit.ts'
import { laws } from './laws.ts'
import { paused, tooLate, twoAnswers } from './people.ts'
import { poison } from './poison.ts'
import { risks } from './risks.ts'
import { shared } from './shared.ts'
import { sameKey, sameRecord } from './starts.ts'
import { stopped } from './stopped.ts'
import { timers, wrongClock } from './timers.ts'
import { zoneLost, zones } from './zones.ts'

export const allDrills = {
  actsUnderKill,
  calm,
  endless,
  family,
  killed,
  killedAtCommit,
  laws,
  paused,
  poison,
  risks,
  sameKey,
  sameRecord,
  shared,
  stopped,
  tidy,
  timers,
  tooLate,
  twoAnswers,
  wrongClock,
  zoneLost,
  zones,
}

export type DrillName = keyof typeof allDrills
