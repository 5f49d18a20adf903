// Tells people what became of scheduled executions. What happened is settled at once, with a message for each way of
// telling; the messages are then delivered one by one, each at least once.
import type { Db } from '../../store/db.ts'
import { type FiringNews, lockNews, settleNews } from '../../store/firings.ts'
import {
  insertMessage,
  type MessageContent,
  markSent,
  markUnsent,
  type NewMessage,
  type TakenMessage,
  takeMessages,
} from '../../store/messages.ts'
import { letterOf } from './letter.ts'
import type { SchedulerParts } from './start-scheduler.ts'
import { whoIsTold } from './who-is-told.ts'

/** Delivers one message; throws when it could not. */
export interface Tell {
  mail(to: readonly string[], message: { subject: string; text: string }): Promise<void>
  webhook(url: string, body: Record<string, unknown>): Promise<void>
  /** Where people open an execution; undefined: the address is not known. */
  link(execution: string): string | undefined
}

/** Settled, or sent, together. */
export const newsAtOnce = 100
const minuteMs = 60_000
const mostTries = 10

/** After a try that failed: one minute, two, four … at most an hour; undefined: it is given up, after some four hours. */
export function nextTryAfter(tries: number): number | undefined {
  return tries >= mostTries ? undefined : Math.min(60, 2 ** (tries - 1)) * minuteMs
}

/** Answers how many it settled: with `newsAtOnce` there may be more. */
export async function settleAll({ pool }: SchedulerParts): Promise<number> {
  return pool.transaction(async (tx) => {
    const news = await lockNews(tx, newsAtOnce)
    for (const one of news) {
      if (one.notify.on.includes(one.event)) await writeMessages(tx, one)
      await settleNews(tx, one)
    }
    return news.length
  })
}

async function writeMessages(tx: Db, news: FiringNews): Promise<void> {
  const { schedule, due, event, notify } = news
  const { mails, ownerSeesTarget } = await whoIsTold(tx, news)
  const write = (
    addresses: string[],
    content: MessageContent,
    more: { way: NewMessage['way']; error?: string },
  ) => insertMessage(tx, { schedule, due, event, addresses, content, ...more })
  for (const { addresses, language, namesTarget } of mails)
    await write(addresses, { ...contentOf(news, namesTarget), language }, { way: 'mail' })
  const isMailed = (notify.to?.length ?? 0) + (notify.mail?.length ?? 0) > 0
  if (isMailed && mails.length === 0) await write([], contentOf(news, false), { way: 'mail', error: nobody })
  if (notify.webhook) await write([notify.webhook], contentOf(news, ownerSeesTarget), { way: 'webhook' })
}

const nobody = 'None of those who should be told has a mail address.'

/** Why nothing was started may name the target too. */
function contentOf(news: FiringNews, namesTarget: boolean): MessageContent {
  const { due, name, schedule, workflow, execution, status } = news
  const { target, reason } = namesTarget ? news : { target: null, reason: null }
  return { schedule, name, workflow, target, execution, status, reason, due: new Date(due).toISOString() }
}

/** Answers whether there may be more. */
export async function deliverAll(parts: SchedulerParts): Promise<boolean> {
  const messages = await takeMessages(parts.pool, newsAtOnce)
  await Promise.all(messages.map((message) => deliverOne(parts, message)))
  return messages.length === newsAtOnce
}

async function deliverOne({ pool, tell, log }: SchedulerParts, message: TakenMessage): Promise<void> {
  const { id, way, addresses, tries } = message
  try {
    if (way === 'mail') await tell.mail(addresses, letterOf(message, linkOf(tell, message)))
    else await tell.webhook(addresses[0] ?? '', bodyOf(tell, message))
    await markSent(pool, id)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const about = { err: error, schedule: message.content.schedule, event: message.event, tries }
    log.warn(about, 'A notification could not be delivered')
    await markUnsent(pool, id, { error: reason, delayMs: nextTryAfter(tries) })
  }
}

const linkOf = (tell: Tell, { content: { execution } }: TakenMessage): string | undefined =>
  execution === null ? undefined : tell.link(execution)

function bodyOf(tell: Tell, message: TakenMessage): Record<string, unknown> {
  const { content, event } = message
  const { schedule, name, execution, language: _ofLetters, ...rest } = content
  return { event, schedule: { id: schedule, name }, execution, ...rest, link: linkOf(tell, message) }
}
