// What a person can do by a key while watching.
import type { Client } from '../../client/client.ts'
import { type Io, paint } from '../io.ts'
import { failureOf } from '../report-error.ts'
import type { Offer } from './offers.ts'
import { readKeys } from './read-keys.ts'
import type { View } from './views.ts'

export interface Desk {
  offer(offers: readonly Offer[]): void
  close(): void
}

const mostKeys = 9

/** Offers what can be done by a key, and does it. */
export function openDesk(parts: { io: Io; client: Client; view: View; leaving: AbortController }): Desk {
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
