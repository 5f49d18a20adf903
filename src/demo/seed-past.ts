// Fills the demo world with executions: played in parallel by the real engine, then moved back over two days.
import { moveBack, type Shift } from '../store/demo-times.ts'
import { type Check, mendNightlyReport } from './make-workflows.ts'
import { faultyNights, past, present, type Story } from './stories.ts'
import { type Stage, tellStory } from './tell-story.ts'

interface Cast extends Stage {
  log: (line: string) => void
  check: Check
}

const atOnce = 8

async function tell(cast: Cast, name: string, story: Story): Promise<Shift | undefined> {
  try {
    const execution = await tellStory(cast, story, `demo:${name}`)
    return story.hoursAgo === undefined ? undefined : { execution, seconds: story.hoursAgo * 3600 }
  } catch (error) {
    cast.log(`demo: ${story.workflow} could not be played: ${String(error)}`)
    return undefined
  }
}

/** Plays all, `atOnce` at a time, beginning with the first. */
async function tellAll(cast: Cast, title: string, stories: readonly Story[]): Promise<Shift[]> {
  const queue = [...stories.entries()]
  const shifts: Shift[] = []
  const actor = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const shift = await tell(cast, `${title}-${next[0]}`, next[1])
      if (shift) shifts.push(shift)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, actor))
  return shifts
}

/** Answers how many executions lie in the past now. */
export async function seedPast(cast: Cast): Promise<number> {
  const nights = await tellAll(cast, 'night', faultyNights)
  await mendNightlyReport(cast.db, cast.check)
  const shifts = [...nights, ...(await tellAll(cast, 'past', past))]
  const moved = await moveBack(cast.db, shifts)
  for (const [index, story] of present.entries()) await tell(cast, `present-${index}`, story)
  return moved
}
