// After a command set an execution going: watch it, say how it stands, and what to do.
import { type Io, note, print, printJson } from '../io.ts'
import type { Link } from '../link/open-link.ts'
import { offersOf } from './offers.ts'
import type { Picture } from './picture.ts'
import { pictureJson } from './picture-json.ts'
import { printOffers } from './print-offers.ts'
import { type Watched, watchExecution } from './watch-execution.ts'

export interface WatchFlags {
  watch?: boolean
  stay?: boolean
  json?: boolean
}

/** Without a server this process carries the execution on, asked to or not. */
export function mustWatch({ alone }: Link, { watch = false }: WatchFlags): boolean {
  return watch || alone
}

interface CarryOn extends WatchFlags {
  id: string
  /** What happened before is known. */
  fromNow?: boolean
}

/** Answers the exit code: 0 completed, 2 a person is needed, 1 anything else. */
export async function carryOn(
  io: Io,
  link: Link,
  { id, fromNow = false, ...flags }: CarryOn,
): Promise<number> {
  const { json = false, stay = false, watch = false } = flags
  if (link.alone && !watch && !json) {
    note(io, 'No server is running: this process carries the execution on until it ends or needs a person.')
  }
  const watched = await watchExecution({ io, client: link.client }, id, { stay, quiet: json, fromNow })
  if (json) printJson(io, pictureJson(watched.picture))
  else conclude(io, link, watched)
  return exitCodeOf(watched)
}

/** After an act of a person. Its own success is the exit code, unless the caller wants to watch. */
export async function afterAct(
  io: Io,
  link: Link,
  { id, done, flags }: { id: string; done: unknown; flags: WatchFlags },
): Promise<number> {
  if (mustWatch(link, flags)) {
    const code = await carryOn(io, link, { ...flags, id, fromNow: true })
    return flags.watch ? code : 0
  }
  if (flags.json) printJson(io, done)
  return 0
}

function exitCodeOf({ why, picture }: Watched): number {
  if (why === 'person') return 2
  return why === 'ended' && picture.head.status === 'completed' ? 0 : 1
}

function conclude(io: Io, link: Link, { why, picture }: Watched): void {
  const { id } = picture.head
  if (why === 'left') return print(io, `\n${leftText(link, id)}`)
  if (why === 'person') print(io, `\n${personText(link, picture)}`)
  printOffers(io, offersOf(picture))
}

function leftText({ alone }: Link, id: string): string {
  const how = `See it again: npm run fermata -- show ${id}`
  if (!alone) return `Execution ${id} goes on. ${how}`
  return `Execution ${id} is kept and goes on as soon as Fermata runs again (npm start). ${how}`
}

function personText({ url }: Link, { head }: Picture): string {
  const why = head.attention ? 'is held' : head.status === 'paused' ? 'is paused' : 'waits'
  const where = url ? ` Or in the browser: ${url}/executions/${head.id}` : ''
  return `Execution ${head.id} ${why}: a person is needed.${where}`
}
