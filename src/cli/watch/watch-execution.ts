// Follows one execution in the terminal until it ends, needs a person, or the person leaves.
import { getExecution } from '../../api/contract/executions.ts'
import type { ExecutionChange } from '../../api/contract/live.ts'
import type { Client } from '../../client/client.ts'
import { isEnded } from '../../core/statuses.ts'
import { type Io, isInteractive, paint } from '../io.ts'
import { failureOf } from '../report-error.ts'
import { addDetails } from './details.ts'
import { followExecution } from './follow-execution.ts'
import { needsPerson } from './needs-person.ts'
import { type Offer, offersOf } from './offers.ts'
import { applyChange, newPicture, type Picture } from './picture.ts'
import { readKeys } from './read-keys.ts'
import { liveView, plainView, quietView, type View } from './views.ts'

export interface WatchOptions {
  /** Go on watching when only a person can carry it on. */
  stay: boolean
  /** Print nothing meanwhile. */
  quiet: boolean
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
  { stay, quiet }: WatchOptions,
): Promise<Watched> {
  const picture = newPicture(await client.call(getExecution, { params: { id } }))
  const interactive = isInteractive(io) && !quiet
  const view = viewFor(io, quiet)
  const leaving = new AbortController()
  const desk = interactive ? openDesk({ io, client, view, leaving }) : undefined
  const interrupt = () => leaving.abort()
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  try {
    const why = await follow({ client, picture, view, stay: stay || interactive, desk }, leaving.signal)
    return { picture, why }
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    desk?.close()
    view.end()
  }
}

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
  const changes = followExecution(client, picture.head.id, signal)
  let next = changes.next()
  try {
    for (;;) {
      const got = await orTick(next)
      if (got?.done) return isEnded(picture.head.status) ? 'ended' : 'left'
      if (got) {
        next = changes.next()
        await takeIn(following, got.value)
      }
      const why = await reasonToStop(following)
      if (why) return why
    }
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

interface Desk {
  offer(offers: readonly Offer[]): void
  close(): void
}

const mostKeys = 9

/** Offers what can be done by a key, and does it. */
function openDesk(parts: { io: Io; client: Client; view: View; leaving: AbortController }): Desk {
  const { io, client, view, leaving } = parts
  let offers: Offer[] = []
  let message = ''
  const show = () => {
    const keys = offers.map(({ label }, at) => `  ${paint(io.stdout, 'bold', String(at + 1))} ${label}`)
    const leave = `  ${paint(io.stdout, 'bold', 'q')} leave: the execution goes on`
    view.prompt(['', ...keys, leave, ...(message ? [paint(io.stdout, 'red', `  ${message}`)] : [])])
  }
  const act = async (offer: Offer) => {
    offers = []
    message = ''
    show()
    await offer.perform?.(client).catch((error: unknown) => {
      message = failureOf(error).detail
    })
    show()
  }
  const stop = readKeys(io, (key) => {
    if (key === 'q' || key === 'leave') return leaving.abort()
    const offer = /^[1-9]$/.test(key) ? offers[Number(key) - 1] : undefined
    if (offer) void act(offer)
  })
  return {
    offer(next) {
      offers = next.filter(({ perform }) => perform).slice(0, mostKeys)
      show()
    },
    close() {
      stop()
      view.prompt([])
    },
  }
}
