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
/** Of what need not say why. */
const keyReason = 'From the command line'
const enter = '\r'
const escapeKey = '\u001b'
const erasing = ['\u007f', '\b']
const typingHelp = '  Enter does it, Esc goes back'

const typed = (text: string, key: string): string =>
  erasing.includes(key) ? [...text].slice(0, -1).join('') : key < ' ' ? text : text + key

/** Offers what can be done by a key, and does it. */
export function openDesk(parts: { io: Io; client: Client; view: View; leaving: AbortController }): Desk {
  const { io, client, view, leaving } = parts
  let offers: Offer[] = []
  let message = ''
  let typing: { offer: Offer; text: string } | undefined
  const show = () => {
    if (typing)
      return view.prompt(['', `  ${typing.offer.label}. Why? ${typing.text.slice(-40)}`, typingHelp])
    const keys = offers.map(({ label }, at) => `  ${paint(io.stdout, 'bold', String(at + 1))} ${label}`)
    const leave = `  ${paint(io.stdout, 'bold', 'q')} leave: the execution goes on`
    view.prompt(['', ...keys, leave, ...(message ? [paint(io.stdout, 'red', `  ${message}`)] : [])])
  }
  const act = async (offer: Offer, reason: string) => {
    offers = []
    message = ''
    show()
    await offer.perform?.(client, reason).catch((error: unknown) => {
      message = failureOf(error).detail
    })
    show()
  }
  const type = ({ offer, text }: { offer: Offer; text: string }, key: string) => {
    if (key === enter && text.trim() === '') return
    typing = key === enter || key === escapeKey ? undefined : { offer, text: typed(text, key) }
    if (key === enter) return void act(offer, text.trim())
    show()
  }
  const stop = readKeys(io, (key) => {
    if (key === 'leave' || (key === 'q' && !typing)) return leaving.abort()
    if (typing) return type(typing, key)
    const offer = /^[1-9]$/.test(key) ? offers[Number(key) - 1] : undefined
    if (!offer) return
    if (!offer.asksWhy) return void act(offer, keyReason)
    typing = { offer, text: '' }
    show()
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
