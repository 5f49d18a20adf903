// Notes what an execution is about to work on, so that people find executions by its label: one statement for each
// record and day in a process, not for each execution.
import type { Db } from '../store/db.ts'
import { noteTarget, type TargetLabel } from '../store/targets.ts'

export interface NotedTargets {
  note(target: TargetLabel): Promise<void>
}

/** Shorter than what retention spares (`forgetTargets`). */
const dayMs = 24 * 3_600_000
const most = 10_000

export function createNotedTargets(db: Db): NotedTargets {
  const noted = new Map<string, number>()
  return {
    async note({ collection, id, label }) {
      const key = JSON.stringify([collection, id, label])
      const at = noted.get(key)
      if (at !== undefined && Date.now() - at < dayMs) return
      await noteTarget(db, { collection, id, label })
      if (noted.size >= most) noted.clear()
      noted.set(key, Date.now())
    },
  }
}
