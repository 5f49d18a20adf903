// Fills the demo world with executions: played in parallel by the real engine, then moved back over two days.
import { eachAtOnce } from '../core/each-at-once.ts'
import { moveBack, type Shift } from '../store/demo-times.ts'
import { findExecution } from '../store/executions-read.ts'
import { type Check, mendNightlyReport } from './make-workflows.ts'
import { areNightsScheduled, nightStories, scheduleNights } from './nights.ts'
import { past, present, type Story } from './stories.ts'
import { type Stage, tellStory } from './tell-story.ts'

interface Cast extends Stage {
  log: (line: string) => void
  check: Check
}

const atOnce = 8

async function tell(cast: Cast, name: string, story: Story): Promise<Shift | undefined> {
  try {
    const execution = await tellStory(cast, story, `demo:${name}`)
    return await shiftOf(cast, story, execution)
  } catch (error) {
    cast.log(`demo: ${story.workflow} could not be played: ${String(error)}`)
    return undefined
  }
}

/** None for what is under way, and for what an earlier, interrupted start has moved already. */
async function shiftOf(cast: Cast, { hoursAgo }: Story, execution: string): Promise<Shift | undefined> {
  const row = hoursAgo === undefined ? undefined : await findExecution(cast.db, execution)
  if (!row || hoursAgo === undefined) return undefined
  const seconds = hoursAgo * 3600 - (Date.now() - row.createdAt.getTime()) / 1000
  return seconds > 60 ? { execution, seconds } : undefined
}

/** Plays all, `atOnce` at a time, beginning with the first. */
async function tellAll(cast: Cast, title: string, stories: readonly Story[]): Promise<Shift[]> {
  const shifts: Shift[] = []
  await eachAtOnce(stories.entries(), atOnce, async ([number, story]) => {
    if (cast.signal?.aborted) return
    const shift = await tell(cast, `${title}-${number}`, story)
    if (shift) shifts.push(shift)
  })
  return shifts
}

/** Answers how many executions lie in the past now. */
export async function seedPast(cast: Cast): Promise<number> {
  const { faulty, mended } = nightStories(Date.now())
  const nights = await tellAll(cast, 'night', faulty)
  await mendNightlyReport(cast.db, cast.check)
  const left = (await areNightsScheduled(cast.db)) ? [] : mended
  const told = await Promise.all([tellAll(cast, 'mended', left), tellAll(cast, 'past', past)])
  const shifts = [nights, ...told].flat()
  if (cast.signal?.aborted) return 0
  const moved = await moveBack(cast.db, shifts)
  await scheduleNights(cast.db)
  for (const [index, story] of present.entries()) {
    if (!cast.signal?.aborted) await tell(cast, `present-${index}`, story)
  }
  return moved
}
