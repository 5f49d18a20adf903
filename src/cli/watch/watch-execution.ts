// Follows one execution in the terminal until it ends, needs a person, or the person leaves.
import { getExecution } from '../../api/contract/executions.ts'
import type { ExecutionChange } from '../../api/contract/live.ts'
import type { Client } from '../../client/client.ts'
import { isEnded } from '../../core/statuses.ts'
import { type Io, isInteractive } from '../io.ts'
import { addDetails } from './details.ts'
import { followExecution } from './follow-execution.ts'
import { needsPerson } from './needs-person.ts'
import { offersOf } from './offers.ts'
import { type Desk, openDesk } from './open-desk.ts'
import { applyChange, newPicture, type Picture } from './picture.ts'
import { readPicture } from './read-picture.ts'
import { liveView, plainView, quietView, type View } from './views.ts'

export interface WatchOptions {
  /** Go on watching when only a person can carry it on. */
  stay: boolean
  /** Print nothing meanwhile. */
  quiet: boolean
  /** What happened before is known to whoever watches. */
  fromNow: boolean
}

export interface Watched {
  picture: Picture
  why: 'ended' | 'person' | 'left'
}

/** Children of a waiting execution are looked at anew this often. */
const lookAgainMs = 2000

export async function watchExecution(
  { io, client }: { io: Io; client: Client },
  id: string,
  { stay, quiet, fromNow }: WatchOptions,
): Promise<Watched> {
  const picture = fromNow ? await readPicture(client, id) : await readHead(client, id)
  const interactive = isInteractive(io) && !quiet
  const view = viewFor(io, quiet)
  const leaving = new AbortController()
  const desk = interactive ? openDesk({ io, client, view, leaving }) : undefined
  const interrupt = () => leaving.abort()
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  try {
    view.show(picture, [])
    desk?.offer(offersOf(picture))
    const why = await follow({ client, picture, view, stay: stay || interactive, desk }, leaving.signal)
    return { picture, why }
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    desk?.close()
    view.end()
  }
}

const readHead = async (client: Client, id: string): Promise<Picture> =>
  newPicture(await client.call(getExecution, { params: { id } }))

function viewFor(io: Io, quiet: boolean): View {
  if (quiet) return quietView
  return io.stdout.isTTY ? liveView(io) : plainView(io)
}

interface Following {
  client: Client
  picture: Picture
  view: View
  stay: boolean
  desk: Desk | undefined
}

async function follow(following: Following, signal: AbortSignal): Promise<Watched['why']> {
  const { client, picture } = following
  const { id, seq } = picture.head
  const changes = followExecution(client, { id, seen: picture.runs.size > 0 ? seq : 0 }, signal)
  let next = changes.next()
  try {
    let why = picture.runs.size > 0 ? await reasonToStop(following) : undefined
    while (!why) {
      const got = await orTick(next)
      if (got?.done) return isEnded(picture.head.status) ? 'ended' : 'left'
      if (got) {
        next = changes.next()
        await takeIn(following, got.value)
      }
      why = await reasonToStop(following)
    }
    return why
  } catch (error) {
    if (signal.aborted) return 'left'
    throw error
  } finally {
    next.catch(() => undefined)
    void changes.return(undefined)
  }
}

async function reasonToStop({ client, picture, stay }: Following): Promise<'ended' | 'person' | undefined> {
  if (isEnded(picture.head.status)) return 'ended'
  return !stay && (await needsPerson(client, picture)) ? 'person' : undefined
}

async function takeIn({ client, picture, view, desk }: Following, change: ExecutionChange): Promise<void> {
  const changed = applyChange(picture, change)
  await addDetails(client, picture, changed)
  view.show(picture, changed)
  desk?.offer(offersOf(picture))
}

async function orTick<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const tick = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, lookAgainMs, undefined)
  })
  try {
    return await Promise.race([work, tick])
  } finally {
    clearTimeout(timer)
  }
}
