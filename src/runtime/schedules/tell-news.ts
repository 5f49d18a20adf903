// Tells people what became of scheduled executions, by mail and webhook; at least once.
import { type FiringNews, settleNews, takeNews } from '../../store/firings.ts'
import type { SchedulerParts } from './start-scheduler.ts'

/** Delivers one message; throws when it could not. */
export interface Tell {
  mail(to: readonly string[], message: { subject: string; text: string }): Promise<void>
  webhook(url: string, body: Record<string, unknown>): Promise<void>
  /** Where people open an execution; undefined: the address is not known. */
  link(execution: string): string | undefined
}

const batch = 50

export async function tellNews(parts: SchedulerParts): Promise<void> {
  const news = await takeNews(parts.pool, batch)
  await Promise.all(news.map((one) => tellOne(parts, one)))
}

async function tellOne(parts: SchedulerParts, news: FiringNews): Promise<void> {
  const { log, pool } = parts
  try {
    if (news.notify.on.includes(news.event)) await deliver(parts.tell, news)
    await settleNews(pool, news)
  } catch (error) {
    // Taken again after a minute.
    log.warn(
      { err: error, schedule: news.schedule, event: news.event },
      'A notification could not be delivered',
    )
  }
}

async function deliver(tell: Tell, news: FiringNews): Promise<void> {
  const { mail, webhook } = news.notify
  if (mail && mail.length > 0) await tell.mail(mail, letterOf(tell, news))
  if (webhook) await tell.webhook(webhook, bodyOf(tell, news))
}

const said = { completed: 'completed', failed: 'failed', waiting: 'waits for a person' } as const

function letterOf(tell: Tell, news: FiringNews): { subject: string; text: string } {
  const link = news.execution === null ? undefined : tell.link(news.execution)
  const lines = [
    `Schedule: ${news.name}`,
    `Workflow: ${news.workflow}`,
    news.target === null ? '' : `Target: ${news.target}`,
    `Due: ${new Date(news.due).toISOString()}`,
    news.execution === null ? '' : `Execution: ${news.execution} (${news.status})`,
    news.reason === null ? '' : `Reason: ${news.reason}`,
    link ?? '',
  ]
  const text = `${lines.filter((line) => line !== '').join('\n')}\n`
  return { subject: `[Fermata] ${news.name} ${said[news.event]}`, text }
}

function bodyOf(tell: Tell, news: FiringNews): Record<string, unknown> {
  const { event, name, schedule, workflow, target, execution, status, reason } = news
  const link = execution === null ? undefined : tell.link(execution)
  const due = new Date(news.due).toISOString()
  return { event, schedule: { id: schedule, name }, workflow, target, due, execution, status, reason, link }
}
