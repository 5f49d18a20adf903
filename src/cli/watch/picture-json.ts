import { offersOf } from './offers.ts'
import type { Picture } from './picture.ts'

/** The execution as the API answers it, with its node runs, open tasks and the commands that are possible now. */
export function pictureJson(picture: Picture): object {
  return {
    ...picture.head,
    nodeRuns: [...picture.runs.values()],
    tasks: [...picture.tasks.values()],
    next: offersOf(picture).map(({ label, command }) => ({ label, command })),
  }
}
